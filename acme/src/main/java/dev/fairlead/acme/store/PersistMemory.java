package dev.fairlead.acme.store;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the record of dns-persist-01 of one name.
 *
 * @param issuers what the CA called itself in a challenge; empty when there was none yet
 * @param sight of the record; empty before it was seen
 */
public record PersistMemory(List<String> issuers, Optional<Sight> sight) {

  /** Nothing. */
  public static final PersistMemory NOTHING = new PersistMemory(List.of(), Optional.empty());

  public PersistMemory {
    issuers = List.copyOf(issuers);
  }

  /** The same after the record was seen. */
  public PersistMemory with(Optional<Sight> seen) {
    return new PersistMemory(issuers, seen);
  }

  /** The same after a challenge. */
  public PersistMemory withIssuers(List<String> names) {
    return new PersistMemory(names, sight);
  }

  /**
   * A record that was found right.
   *
   * @param account the account's URL then
   * @param accountUri what the record called it
   * @param since when it was first seen like this
   */
  public record Sight(URI account, String accountUri, Instant since) {}
}
