package dev.fairlead.acme;

import java.time.Duration;
import java.time.Instant;

/**
 * When a certificate is replaced: after two thirds of its life, and after half of it when it lives
 * for ten days at most, so that a few days or hours are left for failures. A pure function.
 */
final class RenewalPolicy {

  private static final Duration SHORT_LIFE = Duration.ofDays(10);

  /** How long a renewal may take: some tries fail, and some pauses are long. */
  private static final Duration PATIENCE = Duration.ofDays(1);

  /** So long after a certificate was issued CAs know another one as its renewal. */
  private static final Duration RENEWAL_WINDOW = Duration.ofDays(119);

  private RenewalPolicy() {}

  /** From when on a certificate is to be replaced. */
  static Instant renewAt(Instant notBefore, Instant notAfter) {
    Duration life = Duration.between(notBefore, notAfter);
    Duration used =
        life.compareTo(SHORT_LIFE) <= 0 ? life.dividedBy(2) : life.multipliedBy(2).dividedBy(3);
    return notBefore.plus(used);
  }

  /**
   * From when on a renewal should have been: a day after it was due, and a quarter of what was left
   * then for those that live for a few days.
   */
  static Instant overdueAt(Instant notBefore, Instant notAfter) {
    Instant due = renewAt(notBefore, notAfter);
    Duration quarter = Duration.between(due, notAfter).dividedBy(4);
    return due.plus(quarter.compareTo(PATIENCE) < 0 ? quarter : PATIENCE);
  }

  static boolean isDue(Instant notBefore, Instant notAfter, Instant now) {
    return !now.isBefore(renewAt(notBefore, notAfter));
  }

  /** Whether a certificate is one that another one renews, by what CAs count. */
  static boolean isRenewal(Instant notBefore, Instant now) {
    return now.isBefore(notBefore.plus(RENEWAL_WINDOW));
  }
}
