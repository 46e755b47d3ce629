package dev.fairlead.app.alert;

import dev.fairlead.acme.CertificateStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one look at the certificates comes to: which alerts begin, go on and end, and of which
 * people are to be told now. A pure function of the book, the certificates and the time.
 *
 * <p>An instance tells of names that it serves itself, as only of those it knows what is wrong.
 *
 * @param book what holds when nobody is told
 * @param open the names whose alerts people are to be told of
 * @param solved those of which they are to be told that it is over
 */
record AlertPlan(AlertBook book, Set<String> open, List<String> solved) {

  /** Between two messages, so that many names with one cause come in few. */
  static final Duration PAUSE = Duration.ofMinutes(15);

  /** What would be told within this time is told along with the rest. */
  private static final Duration AHEAD = Duration.ofHours(1);

  /**
   * After its end an alert does not begin again for this time, as another instance may be late to
   * see the end; and a name that no instance sees any more is over after it.
   */
  private static final Duration SETTLED = Duration.ofHours(1);

  static AlertPlan of(AlertBook before, List<CertificateStatus> names, Instant now) {
    Map<String, OpenAlert> alerts = new TreeMap<>(before.alerts());
    Map<String, Trouble> troubles = new HashMap<>();
    Set<String> known = new HashSet<>();
    for (CertificateStatus status : names) {
      String name = status.host().toString();
      known.add(name);
      Optional<Trouble> trouble = Trouble.of(status, now);
      trouble.ifPresent(it -> troubles.put(name, it));
      look(alerts, name, trouble, now);
    }
    forgetOld(alerts, known, now);
    AlertBook book = new AlertBook(alerts, before.last());
    if (before.last().isAfter(now.minus(PAUSE)) && !before.last().isAfter(now)) {
      return new AlertPlan(book, Set.of(), List.of());
    }
    return new AlertPlan(book, open(alerts, troubles.keySet(), now), solved(alerts));
  }

  private static void look(
      Map<String, OpenAlert> alerts, String name, Optional<Trouble> trouble, Instant now) {
    OpenAlert alert = alerts.get(name);
    if (trouble.isPresent()) {
      if (alert == null) {
        if (alerts.size() < AlertBook.MOST_ALERTS) {
          alerts.put(name, OpenAlert.begin(trouble.get(), now));
        }
      } else if (!alert.isSolved()) {
        alerts.put(name, alert.seen(trouble.get(), now));
      }
    } else if (alert != null && !alert.isSolved()) {
      end(alerts, name, alert, now);
    }
  }

  /** What nobody was told of ends without a word. */
  private static void end(
      Map<String, OpenAlert> alerts, String name, OpenAlert alert, Instant now) {
    if (alert.told() == 0) {
      alerts.remove(name);
    } else {
      alerts.put(name, alert.solve(now));
    }
  }

  private static void forgetOld(Map<String, OpenAlert> alerts, Set<String> known, Instant now) {
    for (Map.Entry<String, OpenAlert> each : new ArrayList<>(alerts.entrySet())) {
      OpenAlert alert = each.getValue();
      if (alert.isSolved()) {
        if (alert.told() == 0 && isOld(alert.solved().orElseThrow(), now)) {
          alerts.remove(each.getKey());
        }
      } else if (!known.isEmpty() && !known.contains(each.getKey()) && isOld(alert.seen(), now)) {
        end(alerts, each.getKey(), alert, now);
      }
    }
  }

  private static boolean isOld(Instant time, Instant now) {
    return time.plus(SETTLED).isBefore(now) || time.isAfter(now.plus(SETTLED));
  }

  private static Set<String> open(
      Map<String, OpenAlert> alerts, Set<String> inTrouble, Instant now) {
    Set<String> due = new TreeSet<>();
    Set<String> along = new TreeSet<>();
    alerts.forEach(
        (name, alert) -> {
          if (!inTrouble.contains(name)) {
            return;
          }
          if (alert.isDue(now)) {
            due.add(name);
          } else if (alert.told() > 0 && alert.isDue(now.plus(AHEAD))) {
            along.add(name);
          }
        });
    if (!due.isEmpty()) {
      due.addAll(along);
    }
    return due;
  }

  private static List<String> solved(Map<String, OpenAlert> alerts) {
    return alerts.entrySet().stream()
        .filter(each -> each.getValue().isSolved() && each.getValue().told() > 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  boolean isToBeTold() {
    return !open.isEmpty() || !solved.isEmpty();
  }

  /** What holds once people were told. */
  AlertBook told(Instant now) {
    Map<String, OpenAlert> alerts = new TreeMap<>(book.alerts());
    open.forEach(name -> alerts.computeIfPresent(name, (_, alert) -> alert.tell(now)));
    solved.forEach(name -> alerts.computeIfPresent(name, (_, alert) -> alert.tellSolved()));
    return new AlertBook(alerts, now);
  }

  /** What holds when no channel took the message: the next try is after a pause. */
  AlertBook notTold(Instant now) {
    return new AlertBook(book.alerts(), now);
  }
}
