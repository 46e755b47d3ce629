package dev.fairlead.acme;

import java.time.Duration;
import java.time.Instant;

/**
 * When a certificate is replaced: after two thirds of its life, and after half of it when it lives
 * for ten days at most, so that a few days or hours are left for failures. A pure function.
 */
final class RenewalPolicy {

  private static final Duration SHORT_LIFE = Duration.ofDays(10);

  private RenewalPolicy() {}

  /** From when on a certificate is to be replaced. */
  static Instant renewAt(Instant notBefore, Instant notAfter) {
    Duration life = Duration.between(notBefore, notAfter);
    Duration used =
        life.compareTo(SHORT_LIFE) <= 0 ? life.dividedBy(2) : life.multipliedBy(2).dividedBy(3);
    return notBefore.plus(used);
  }

  static boolean isDue(Instant notBefore, Instant notAfter, Instant now) {
    return !now.isBefore(renewAt(notBefore, notAfter));
  }
}
