package dev.fairlead.proxy.health;

import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.cluster.EndpointState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** What is known of one endpoint, from look to look. For one thread. */
final class Watched {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** How an endpoint is treated. */
  enum Stage {
    SERVING,
    /** It gets no requests until its pause is over. */
    EJECTED,
    /** The pause is over, and somebody looks whether it is there. */
    PROBED
  }

  private record Look(long nanos, Counts counts, int awaited) {}

  private final Endpoint endpoint;
  private final Deque<Look> looks = new ArrayDeque<>();
  private Stage stage = Stage.SERVING;
  private int ejections;
  private long untilNanos;
  private long readmittedNanos;
  private boolean asked;
  private long askNanos;

  Watched(Endpoint endpoint, long nowNanos) {
    this.endpoint = endpoint;
    this.askNanos = nowNanos;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Stage stage() {
    return stage;
  }

  /** Counts what there is now. */
  void look(long nowNanos) {
    EndpointState state = endpoint.state();
    looks.addLast(new Look(nowNanos, Counts.of(state.outcomes()), state.awaited()));
    long oldest = nowNanos - Duration.ofSeconds(OutlierRules.WINDOW_SECONDS).toNanos();
    // One that is as old as the window stays, as its begin.
    while (looks.size() > 2 && looks.peekFirst().nanos - oldest < 0) {
      looks.removeFirst();
    }
  }

  /** What it did within the window. */
  Counts recent() {
    return looks.isEmpty() ? Counts.NONE : looks.getLast().counts.minus(looks.getFirst().counts);
  }

  /** The same of the last second. */
  Counts ofThisMoment() {
    if (looks.isEmpty()) {
      return Counts.NONE;
    }
    Look last = looks.getLast();
    long start = last.nanos - Duration.ofSeconds(OutlierRules.MOMENT_SECONDS).toNanos();
    Look first = last;
    for (Iterator<Look> back = looks.descendingIterator(); back.hasNext(); ) {
      Look look = back.next();
      if (look.nanos - start < 0) {
        break;
      }
      first = look;
    }
    return last.counts.minus(first.counts);
  }

  /** How many answers were awaited at each look within the window; 0 before that is full. */
  int awaited() {
    long covered = looks.isEmpty() ? 0 : looks.getLast().nanos - looks.getFirst().nanos;
    if (covered < Duration.ofSeconds(OutlierRules.WINDOW_SECONDS - 1).toNanos()) {
      return 0;
    }
    return looks.stream().mapToInt(Look::awaited).min().orElse(0);
  }

  /**
   * It gets no requests for a while, each time twice as long as the time before, if that was not
   * long ago.
   *
   * @return how long
   */
  Duration eject(long nowNanos) {
    if (ejections > 0 && nowNanos - readmittedNanos > 2 * pause().toNanos()) {
      ejections = 0;
    }
    ejections++;
    return pauseFrom(nowNanos);
  }

  /** It was probed, and is not there. */
  Duration probeFailed(long nowNanos) {
    ejections++;
    return pauseFrom(nowNanos);
  }

  private Duration pauseFrom(long nowNanos) {
    stage = Stage.EJECTED;
    endpoint.state().eject();
    untilNanos = nowNanos + pause().toNanos();
    looks.clear();
    return pause();
  }

  private Duration pause() {
    int doublings = Math.min(ejections - 1, 10);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** Whether it may be asked whether it is there; then it is, and {@link #heard} follows. */
  boolean ask(long nowNanos) {
    if (asked || nowNanos - askNanos < 0) {
      return false;
    }
    asked = true;
    return true;
  }

  void heard(long nowNanos) {
    asked = false;
    askNanos = nowNanos + FIRST_PAUSE.toNanos();
  }

  /** Whether it is time to probe it. */
  boolean isDue(long nowNanos) {
    return stage == Stage.EJECTED && nowNanos - untilNanos >= 0;
  }

  void probed() {
    stage = Stage.PROBED;
  }

  /** It gets requests again. */
  void readmit(long nowNanos) {
    stage = Stage.SERVING;
    readmittedNanos = nowNanos;
    looks.clear();
    endpoint.state().readmit(nowNanos);
  }
}
