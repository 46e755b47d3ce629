package dev.fairlead.acme;

import java.time.Duration;

/**
 * How often things are looked at.
 *
 * @param poll the storage, for what another instance wrote, and the clock, for renewals
 * @param whileOrdered the storage, while another instance orders the name
 * @param orderLimit for one order in all
 */
record Pace(Duration poll, Duration whileOrdered, Duration orderLimit) {

  static final Pace NORMAL =
      new Pace(Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofMinutes(5));
}
