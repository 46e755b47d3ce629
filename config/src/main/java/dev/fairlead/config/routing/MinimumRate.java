package dev.fairlead.config.routing;

import java.time.Duration;

/**
 * How fast a client has to move at least while it alone is waited for.
 *
 * @param bytesPerSecond 0 where any movement is enough
 */
public record MinimumRate(long bytesPerSecond) {

  /** Whether who moves at all is fast enough. */
  public boolean isAny() {
    return bytesPerSecond == 0;
  }

  /** Bytes that have to move in such a time, at least one. */
  public long bytesIn(Duration time) {
    return Math.max(1, time.toMillis() * bytesPerSecond / 1000);
  }
}
