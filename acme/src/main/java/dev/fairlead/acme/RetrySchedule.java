package dev.fairlead.acme;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * When to try again after failures in a row. A pure function.
 *
 * <pre>
 * failures   pause    since the first order, at least
 *    1        1 min      1 min
 *    2        5 min      6 min
 *    3       15 min     21 min
 *    4       30 min     51 min    the 5th failed validation of the hour: Let's Encrypt allows 5
 *    5        1 h      1 h 51 min
 *    6        2 h      3 h 51 min
 *    7        4 h      7 h 51 min
 *    8 on     6 h                 four a day: a renewal still has a dozen tries and more
 * </pre>
 *
 * <p>Each pause is up to a fifth longer by chance, so that many names do not come at once. Where
 * the CA says when to come again ({@code Retry-After}) that counts alone, to the second, up to
 * eight days: the longest limit of Let's Encrypt is one of seven. All times are whole seconds, as
 * people read them.
 */
final class RetrySchedule {

  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofHours(4),
          Duration.ofHours(6));

  private static final Duration SHORTEST_ASKED = Duration.ofSeconds(1);
  private static final Duration LONGEST_ASKED = Duration.ofDays(8);

  private RetrySchedule() {}

  /**
   * The earliest time of the next try.
   *
   * @param failures in a row, at least 1
   * @param chance from 0 (inclusive) to 1
   */
  static Instant next(int failures, Instant now, double chance) {
    Duration pause = PAUSES.get(Math.clamp(failures, 1, PAUSES.size()) - 1);
    return wholeSecond(now.plus(pause).plusMillis((long) (pause.toMillis() * chance / 5)));
  }

  /** The time that the CA or its limits ask for, within what any of them may mean. */
  static Instant asAsked(Instant until, Instant now) {
    Instant soonest = now.plus(SHORTEST_ASKED);
    Instant latest = now.plus(LONGEST_ASKED);
    if (until.isBefore(soonest)) {
      return wholeSecond(soonest);
    }
    return wholeSecond(until.isAfter(latest) ? latest : until);
  }

  /** This one, or the next. */
  private static Instant wholeSecond(Instant time) {
    Instant second = time.truncatedTo(ChronoUnit.SECONDS);
    return second.equals(time) ? time : second.plusSeconds(1);
  }

  /**
   * Whether it may be tried. A time that no pause reaches was written by a clock that was wrong,
   * and holds nobody up.
   */
  static boolean isOver(Instant nextAttempt, Instant now) {
    return !now.isBefore(nextAttempt) || nextAttempt.isAfter(now.plus(LONGEST_ASKED.plusDays(1)));
  }
}
