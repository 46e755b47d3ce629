package dev.fairlead.acme.simulated;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Stands still until it is told the next moment. */
public final class VirtualClock extends Clock {

  private volatile Instant now;

  public VirtualClock(Instant start) {
    this.now = start;
  }

  /** Goes on to a moment, never back. */
  public void moveTo(Instant moment) {
    if (moment.isBefore(now)) {
      throw new IllegalArgumentException("time: %s (expected: from %s on)".formatted(moment, now));
    }
    now = moment;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("not needed");
  }
}
