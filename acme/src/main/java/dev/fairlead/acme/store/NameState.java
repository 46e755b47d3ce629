package dev.fairlead.acme.store;

import java.time.Instant;

/**
 * How it stands with one name at one CA.
 *
 * @param failures how many tries failed in a row; 0 when the last one succeeded
 * @param nextAttempt nothing is tried before, unless DNS says something else by then
 * @param lastError for people; empty when there is none
 * @param dns what DNS said when they failed
 */
public record NameState(
    Step step, int failures, Instant nextAttempt, String lastError, SeenInDns dns) {

  /** Nothing was ever tried. */
  public static final NameState NEW = new NameState(new Step.Wanted(), 0, Instant.EPOCH, "");

  /** One that nobody looked at DNS for. */
  public NameState(Step step, int failures, Instant nextAttempt, String lastError) {
    this(step, failures, nextAttempt, lastError, SeenInDns.NOTHING);
  }

  /** The same at another step. */
  public NameState at(Step next) {
    return new NameState(next, failures, nextAttempt, lastError, dns);
  }

  /** The same with an answer of DNS that it is tried with. */
  NameState seen(String answer) {
    return new NameState(step, failures, nextAttempt, lastError, dns.and(answer));
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
