package dev.fairlead.acme.store;

import dev.fairlead.config.routing.HostPattern;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * How it stands with one name at one CA.
 *
 * @param failures how many tries failed in a row; 0 when the last one succeeded
 * @param nextAttempt nothing is tried before, unless DNS says something else by then
 * @param lastError for people; empty when there is none
 * @param dns what DNS said when they failed
 * @param together what the certificate is to name that is ordered; empty for the name alone
 */
public record NameState(
    Step step,
    int failures,
    Instant nextAttempt,
    String lastError,
    SeenInDns dns,
    List<HostPattern> together) {

  /** Nothing was ever tried. */
  public static final NameState NEW = new NameState(new Step.Wanted(), 0, Instant.EPOCH, "");

  public NameState {
    together = List.copyOf(together);
  }

  /** One of a name with its own certificate. */
  public NameState(Step step, int failures, Instant nextAttempt, String lastError, SeenInDns dns) {
    this(step, failures, nextAttempt, lastError, dns, List.of());
  }

  /** One that nobody looked at DNS for. */
  public NameState(Step step, int failures, Instant nextAttempt, String lastError) {
    this(step, failures, nextAttempt, lastError, SeenInDns.NOTHING);
  }

  /** The same at another step. */
  public NameState at(Step next) {
    return new NameState(next, failures, nextAttempt, lastError, dns, together);
  }

  /** The same at another step, and to be tried now as if nothing had failed. */
  public NameState anew(Step next) {
    return new NameState(next, 0, Instant.EPOCH, "", SeenInDns.NOTHING, together);
  }

  /**
   * The same where it is about a certificate for these names. Where it is about others, nothing was
   * ever tried: what failed may be right now, and what was ordered is not what is wanted.
   *
   * @param wanted in any order; empty for the name alone
   */
  public NameState about(List<HostPattern> wanted) {
    return Set.copyOf(together).equals(Set.copyOf(wanted)) ? this : NEW.of(wanted);
  }

  /** The same, said to be about a certificate for these names. */
  NameState of(List<HostPattern> names) {
    return new NameState(step, failures, nextAttempt, lastError, dns, names);
  }

  /** The same with another sentence. */
  public NameState saying(String error) {
    return new NameState(step, failures, nextAttempt, error, dns, together);
  }

  /** The same with an answer of DNS that it is tried with. */
  NameState seen(String answer) {
    return new NameState(step, failures, nextAttempt, lastError, dns.and(answer), together);
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
