package dev.fairlead.acme.store;

import java.time.Instant;

/**
 * How it stands with one name at one CA.
 *
 * @param failures how many tries failed in a row; 0 when the last one succeeded
 * @param nextAttempt nothing is tried before
 * @param lastError for people; empty when there is none
 */
public record NameState(Step step, int failures, Instant nextAttempt, String lastError) {

  /** Nothing was ever tried. */
  public static final NameState NEW = new NameState(new Step.Wanted(), 0, Instant.EPOCH, "");

  /** The same at another step. */
  public NameState at(Step next) {
    return new NameState(next, failures, nextAttempt, lastError);
  }

  /** All went well. */
  public static NameState issued() {
    return new NameState(new Step.Issued(), 0, Instant.EPOCH, "");
  }

  /** Whether there is something to be told: why there is no certificate, and when it is tried. */
  public boolean isTroubled() {
    return !lastError.isEmpty();
  }
}
