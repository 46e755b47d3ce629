package dev.fairlead.acme.simulated;

import java.time.Duration;
import java.time.Instant;

/**
 * A token bucket as Let's Encrypt describes it: so many at once, and one more each {@code
 * period/most}. Counted in tokens, so in another way than the budget that it checks.
 */
final class Bucket {

  private final int most;
  private final Duration period;
  private double tokens;
  private Instant counted = Instant.EPOCH;

  Bucket(int most, Duration period) {
    this.most = most;
    this.period = period;
    this.tokens = most;
  }

  /** Whether there is one. */
  boolean has(Instant now) {
    double since = Duration.between(counted, now).toMillis();
    tokens = Math.min(most, tokens + since / period.toMillis() * most);
    counted = now;
    return tokens >= 1;
  }

  /** Takes one, if there is one. */
  void spend(Instant now) {
    if (has(now)) {
      tokens--;
    }
  }
}
