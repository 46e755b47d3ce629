package dev.fairlead.config.routing;

import java.time.Duration;

/**
 * How many requests a cluster takes, and how long others wait.
 *
 * @param inFlight at each endpoint at most; 0 for any number
 * @param waiting requests that may wait at most
 * @param patience for an endpoint that has room
 * @param hold for an endpoint at all, where there is none; zero for not at all
 */
public record Admission(int inFlight, int waiting, Duration patience, Duration hold) {

  /** Any number, and nobody waits. */
  public static final Admission ANY = new Admission(0, 0, Duration.ZERO, Duration.ZERO);

  public Admission {
    if (inFlight < 0 || waiting < 0 || patience.isNegative() || hold.isNegative()) {
      throw new IllegalArgumentException(
          "admission: %d in flight, %d waiting for %s, held for %s (expected: 0 or more)"
              .formatted(inFlight, waiting, patience, hold));
    }
  }
}
