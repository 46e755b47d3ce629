package dev.fairlead.acme.ondemand;

import dev.fairlead.config.bootstrap.OnDemandSettings;
import dev.fairlead.config.routing.HostPattern;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The names that are wanted on demand, as all instances know them. A text with a line for each: the
 * name, since when it is wanted, the day when a client last came for it. Immutable.
 */
record NameBook(SortedMap<String, Entry> names) {

  static final NameBook EMPTY = new NameBook(new TreeMap<>());

  /** After so many days without a client a name is not wanted any more. */
  static final int FORGOTTEN_DAYS = 30;

  private static final Duration HOUR = Duration.ofHours(1);

  /** A file on the storage has 256 KiB at most. */
  private static final int MOST_CHARACTERS = 200 * 1024;

  /** What is later than that was written by a clock that was wrong. */
  private static final Duration WRONG_CLOCK = Duration.ofMinutes(10);

  /**
   * @param asked in UTC
   */
  record Entry(Instant since, LocalDate asked) {}

  NameBook {
    names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
  }

  /** Reads a text; lines that make no sense are left out. */
  static NameBook parse(String text) {
    SortedMap<String, Entry> names = new TreeMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length == 3 && isName(words[0])) {
        entry(words).ifPresent(entry -> names.put(words[0], entry));
      }
    }
    return new NameBook(names);
  }

  private static boolean isName(String text) {
    return HostPattern.parse(text).filter(host -> host.toString().equals(text)).isPresent()
        && !text.startsWith("*");
  }

  private static Optional<Entry> entry(String[] words) {
    try {
      return Optional.of(new Entry(Instant.parse(words[1]), LocalDate.parse(words[2])));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  String text() {
    return names.entrySet().stream()
        .map(
            name ->
                "%s %s %s\n".formatted(name.getKey(), name.getValue().since, name.getValue().asked))
        .collect(Collectors.joining());
  }

  /** From when on there is room for one more. */
  Instant roomFrom(OnDemandSettings limits, Instant now) {
    if (names.size() >= limits.names() || text().length() > MOST_CHARACTERS) {
      return Instant.MAX;
    }
    List<Instant> latest =
        names.values().stream()
            .map(Entry::since)
            .filter(since -> since.isBefore(now.plus(WRONG_CLOCK)))
            .sorted(Comparator.reverseOrder())
            .limit(limits.perHour())
            .toList();
    return latest.size() < limits.perHour() ? Instant.MIN : latest.getLast().plus(HOUR);
  }

  /** With one more name. */
  NameBook with(String name, Instant now) {
    SortedMap<String, Entry> more = new TreeMap<>(names);
    more.put(name, new Entry(now.truncatedTo(ChronoUnit.SECONDS), day(now)));
    return new NameBook(more);
  }

  NameBook without(Set<String> others) {
    SortedMap<String, Entry> less = new TreeMap<>(names);
    less.keySet().removeAll(others);
    return new NameBook(less);
  }

  /**
   * With the days when clients came last.
   *
   * @param seen here, by name
   */
  NameBook asked(Map<String, LocalDate> seen, LocalDate today) {
    SortedMap<String, Entry> changed = new TreeMap<>(names);
    changed.replaceAll(
        (name, entry) -> {
          LocalDate known = entry.asked.isAfter(today.plusDays(1)) ? today : entry.asked;
          LocalDate here = seen.getOrDefault(name, known);
          return new Entry(entry.since, here.isAfter(known) ? here : known);
        });
    return new NameBook(changed);
  }

  /** Those that no client came for in a long time. */
  Set<String> forgotten(LocalDate today) {
    LocalDate limit = today.minusDays(FORGOTTEN_DAYS);
    return names.entrySet().stream()
        .filter(name -> name.getValue().asked.isBefore(limit))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  static LocalDate day(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }
}
