package dev.fairlead.acme.budget;

import dev.fairlead.config.bootstrap.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A bucket that holds as many tokens as a rate allows at once and gets them back one by one, evenly
 * over the rate's period. All of it is said by the moment at which it is full again. A pure value.
 *
 * @param fullAt in the past when it is full
 */
record TokenBucket(Rate rate, Instant fullAt) {

  /** The CA's clock and the way to it: a token that has just come back may not be there yet. */
  static final Duration MARGIN = Duration.ofSeconds(2);

  /** What lies further ahead than its period was written by a clock that was wrong. */
  private static final Duration WRONG_CLOCK = Duration.ofDays(2);

  /**
   * From when on there is a token, if there is none now.
   *
   * @return empty when there is one
   */
  Optional<Instant> emptyUntil(Instant now) {
    return emptyUntil(now, 0);
  }

  /**
   * From when on there is a token beyond those that are kept for others, if there is none now.
   *
   * @param kept fewer than the bucket holds
   * @return empty when there is one
   */
  Optional<Instant> emptyUntil(Instant now, int kept) {
    if (!isBelievable(now)) {
      return Optional.empty();
    }
    Instant next =
        fullAt.plus(rate.interval().multipliedBy(1L + kept)).minus(rate.period()).plus(MARGIN);
    return next.isAfter(now) ? Optional.of(next) : Optional.empty();
  }

  /** With one token less. */
  TokenBucket spend(Instant now) {
    Instant from = fullAt.isAfter(now) && isBelievable(now) ? fullAt : now;
    return new TokenBucket(rate, from.plus(rate.interval()));
  }

  /** With one token more. */
  TokenBucket giveBack() {
    return new TokenBucket(rate, fullAt.minus(rate.interval()));
  }

  private boolean isBelievable(Instant now) {
    return !fullAt.isAfter(now.plus(rate.period()).plus(WRONG_CLOCK));
  }
}
