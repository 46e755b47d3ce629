package dev.fairlead.proxy.health;

import dev.fairlead.config.routing.HealthCheck;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What is known of one endpoint that is checked. For one thread. */
final class Checked {

  /** Until it was well once, an endpoint is asked more often: others wait for it. */
  private static final Duration IMPATIENT = Duration.ofSeconds(1);

  private long dueNanos;
  private boolean asked;
  private boolean wasWell;
  private int inARow;

  /** It is asked at once. */
  Checked(long nowNanos) {
    dueNanos = nowNanos;
  }

  boolean isDue(long nowNanos) {
    return !asked && nowNanos - dueNanos >= 0;
  }

  /** It is not asked again before it {@link #answered}. */
  void asked() {
    asked = true;
  }

  void answered(HealthCheck check, boolean well, long nowNanos, RandomGenerator random) {
    asked = false;
    wasWell |= well;
    inARow = well ? Math.max(1, inARow + 1) : Math.min(-1, inARow - 1);
    long interval = check.interval().toNanos();
    if (!wasWell) {
      interval = Math.min(interval, IMPATIENT.toNanos());
    }
    // Many instances and endpoints do not ask all at once.
    dueNanos = nowNanos + (long) (interval * random.nextDouble(0.9, 1.1));
  }

  /** Successes in a row, or failures as a negative number. */
  int inARow() {
    return inARow;
  }
}
