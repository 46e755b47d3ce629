package dev.fairlead.acme.persist;

import dev.fairlead.config.routing.HostPattern;
import java.util.List;

/**
 * What a record must say for a CA to take it.
 *
 * @param host that a certificate is wanted for
 * @param issuers what the CA calls itself; the first is written into new records
 * @param accounts what our account is called in records; the first is written into new ones
 */
public record PersistTerms(HostPattern host, List<String> issuers, List<String> accounts) {

  public PersistTerms {
    issuers = List.copyOf(issuers);
    accounts = List.copyOf(accounts);
    if (issuers.isEmpty() || accounts.isEmpty()) {
      throw new IllegalArgumentException("nobody (expected: an issuer and an account)");
    }
  }

  /** The record to set; that of {@code *.example.com} is where {@code example.com}'s is. */
  public PersistRecord wanted() {
    return new PersistRecord(
        PersistRecord.name(host),
        "%s; accounturi=%s%s"
            .formatted(
                issuers.getFirst(),
                accounts.getFirst(),
                host.wildcard() ? "; policy=wildcard" : ""));
  }
}
