package dev.fairlead.acme.ondemand;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many names are decided about: fifty at once, then five in a second. Who makes up names keeps
 * apps and the share from work with no more than that. Thread-safe, without locks.
 */
final class DecisionPace {

  private static final long INTERVAL_MILLIS = Duration.ofMillis(200).toMillis();
  private static final long LONGEST_MILLIS = 49 * INTERVAL_MILLIS;

  /** When all are there again, in milliseconds since 1970. */
  private final AtomicLong fullAt = new AtomicLong();

  /** Takes one if there is one. */
  boolean take(Instant time) {
    long now = time.toEpochMilli();
    while (true) {
      long before = fullAt.get();
      // What is further ahead than ever comes of a clock that was set back.
      boolean believable = before - now <= LONGEST_MILLIS + INTERVAL_MILLIS;
      long from = believable ? Math.max(before, now) : now;
      if (from - now > LONGEST_MILLIS) {
        return false;
      }
      if (fullAt.compareAndSet(before, from + INTERVAL_MILLIS)) {
        return true;
      }
    }
  }
}
