package dev.fairlead.acme;

import java.time.Duration;

/**
 * How often things are looked at.
 *
 * @param changes the storage, for whether another instance has stored a certificate: one small file
 * @param poll what is not in order
 * @param settled a name whose certificate is good, and the clock, for its renewal; a look is half a
 *     millisecond of processor time, and a thousand names have one each
 * @param whileOrdered the storage, while another instance orders the name
 * @param orderLimit for one order in all
 */
record Pace(
    Duration changes, Duration poll, Duration settled, Duration whileOrdered, Duration orderLimit) {

  static final Pace NORMAL =
      new Pace(
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          Duration.ofMinutes(5),
          Duration.ofSeconds(1),
          Duration.ofMinutes(5));
}
