package dev.fairlead.acme.store;

import java.time.Duration;

/**
 * How long a lease lives without a sign of its holder, by the clock of who keeps the files.
 *
 * @param beat how often a holder gives a sign
 * @param lapse after what silence others may have the lease
 * @param lapseWhileLocked the same while the fcntl lock is refused: its holder is frozen, or its
 *     machine died and the server does not know (NFSv3 never does, NFSv4 after some 90 s)
 */
record LeaseTerms(Duration beat, Duration lapse, Duration lapseWhileLocked) {

  static final LeaseTerms NORMAL =
      new LeaseTerms(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));

  /** After what silence a holder whose lock the server gave away is dead, not slow. */
  Duration missed() {
    return beat.multipliedBy(2);
  }
}
