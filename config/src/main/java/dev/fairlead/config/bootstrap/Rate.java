package dev.fairlead.config.bootstrap;

import java.time.Duration;

/**
 * So many in a period, all of them at once if nothing was before.
 *
 * @param count at least 1
 * @param period positive
 */
public record Rate(int count, Duration period) {

  public Rate {
    if (count < 1 || !period.isPositive()) {
      throw new IllegalArgumentException(
          "rate: %d in %s (expected: one or more in some time)".formatted(count, period));
    }
  }

  /** After what time one more comes back. */
  public Duration interval() {
    return period.dividedBy(count);
  }
}
