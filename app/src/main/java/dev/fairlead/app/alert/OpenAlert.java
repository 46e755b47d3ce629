package dev.fairlead.app.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far an alert for one name has come.
 *
 * @param told how often people were told that it is open; 0 when they were not, or know that it is
 *     over
 * @param next when they are to be told
 * @param seen when an instance last saw that it is so; a little behind
 * @param solved when it was over
 */
record OpenAlert(
    Trouble.Kind kind,
    Instant since,
    int told,
    Instant next,
    Instant seen,
    Optional<Instant> solved) {

  /** How long a name may be without a certificate before anybody is told. */
  static final Duration PATIENCE = Duration.ofHours(1);

  /** After the first time, the second and so on; the last one for all further ones. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofDays(1), Duration.ofDays(2), Duration.ofDays(4), Duration.ofDays(7));

  /** A later time than any pause reaches was written by a clock that was wrong. */
  private static final Duration LONGEST = Duration.ofDays(8);

  private static final Duration SEEN_AGAIN = Duration.ofMinutes(10);

  static OpenAlert begin(Trouble trouble, Instant now) {
    Instant next = trouble.kind() == Trouble.Kind.MISSING ? now.plus(PATIENCE) : now;
    return new OpenAlert(
        trouble.kind(), trouble.since().orElse(now), 0, next, now, Optional.empty());
  }

  /** It is so still. What has become worse is told at once, and soon again. */
  OpenAlert seen(Trouble trouble, Instant now) {
    if (trouble.kind().compareTo(kind) > 0) {
      return new OpenAlert(
          trouble.kind(),
          trouble.since().orElse(since),
          Math.min(told, 1),
          now,
          now,
          Optional.empty());
    }
    boolean recent = !seen.isAfter(now) && seen.plus(SEEN_AGAIN).isAfter(now);
    return recent ? this : new OpenAlert(kind, since, told, next, now, solved);
  }

  OpenAlert tell(Instant now) {
    int times = told + 1;
    Duration pause = PAUSES.get(Math.min(times, PAUSES.size()) - 1);
    return new OpenAlert(kind, since, times, now.plus(pause), seen, solved);
  }

  OpenAlert solve(Instant now) {
    return new OpenAlert(kind, since, told, next, seen, Optional.of(now));
  }

  /** People know that it is over. */
  OpenAlert tellSolved() {
    return new OpenAlert(kind, since, 0, next, seen, solved);
  }

  boolean isSolved() {
    return solved.isPresent();
  }

  boolean isDue(Instant now) {
    return !isSolved() && (!next.isAfter(now) || next.isAfter(now.plus(LONGEST)));
  }
}
