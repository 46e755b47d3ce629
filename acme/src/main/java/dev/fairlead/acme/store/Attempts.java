package dev.fairlead.acme.store;

import java.time.Instant;

/**
 * The orders of one name that failed in a row. Written before an order starts, so that a process
 * that dies in the middle does not order again at once.
 *
 * @param failures how many; 0 when the last one succeeded
 * @param nextAttempt no order starts before
 * @param lastError for people; empty when there is none
 */
public record Attempts(int failures, Instant nextAttempt, String lastError) {

  /** None failed. */
  public static final Attempts NONE = new Attempts(0, Instant.EPOCH, "");
}
