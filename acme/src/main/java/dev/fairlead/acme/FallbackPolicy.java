package dev.fairlead.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a name is ordered at the second CA. A pure function.
 *
 * <p>Only failures count that another CA may do better at: it is out of reach, refuses orders, or
 * does not end them. What is wrong with the name itself (DNS, CAA, a closed port) would cost orders
 * at two CAs. A name without a certificate waits for three failures in a row, which are twenty
 * minutes; one with a good certificate has time, and waits for a day.
 */
final class FallbackPolicy {

  private static final int MOST_FAILURES = 3;
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Less than that is left: then there is no time to wait. */
  private static final Duration URGENT = Duration.ofDays(2);

  private FallbackPolicy() {}

  /**
   * Whether it is time to order at the second CA.
   *
   * @param failures of the first one, in a row; 0 when it asks to wait
   * @param since the first of them
   * @param notAfter the end of the certificate that is served; empty when there is none
   */
  static boolean isTime(int failures, Instant since, Optional<Instant> notAfter, Instant now) {
    boolean aDay = !now.isBefore(since.plus(LONGEST));
    boolean urgent = notAfter.isEmpty() || notAfter.get().isBefore(now.plus(URGENT));
    return aDay || (urgent && failures >= MOST_FAILURES);
  }
}
