package dev.fairlead.acme.issue;

import dev.fairlead.acme.budget.Occasion;
import dev.fairlead.acme.store.Step;
import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What is to be ordered.
 *
 * @param occasion what for
 * @param replaces the certificate that it takes the place of (RFC 9773 §5); only one that the CA
 *     said something about
 * @param key for the certificate, where the one before it is kept
 */
public record OrderRequest(
    HostPattern host,
    Occasion occasion,
    Optional<X509Certificate> replaces,
    Optional<KeyPair> key) {

  /** One with a new key, which takes nothing's place. */
  public OrderRequest(HostPattern host, Occasion occasion) {
    this(host, occasion, Optional.empty(), Optional.empty());
  }

  /** The same for a CA that does not know the certificate any more. */
  OrderRequest withoutReplaced() {
    return new OrderRequest(host, Occasion.RENEWAL, Optional.empty(), key);
  }

  /** Where the name stands as long as nothing is under way. */
  public Step start() {
    return occasion.isFirst() ? new Step.Wanted() : new Step.Renewing();
  }
}
