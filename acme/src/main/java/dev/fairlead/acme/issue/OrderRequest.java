package dev.fairlead.acme.issue;

import dev.fairlead.acme.budget.Occasion;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.Step;
import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be ordered.
 *
 * @param host the name that orders
 * @param names what the certificate is to name, in this order: the host alone, or several
 * @param occasion what for
 * @param replaces the certificate that it takes the place of (RFC 9773 §5); only one that the CA
 *     said something about
 * @param key for the certificate, where the one before it is kept
 */
public record OrderRequest(
    HostPattern host,
    List<HostPattern> names,
    Occasion occasion,
    Optional<X509Certificate> replaces,
    Optional<KeyPair> key) {

  public OrderRequest {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("order of %s: no names (expected: one)".formatted(host));
    }
  }

  /** One of a name alone with a new key, which takes nothing's place. */
  public OrderRequest(HostPattern host, Occasion occasion) {
    this(host, List.of(host), occasion, Optional.empty(), Optional.empty());
  }

  /** The same with a new key, which takes nothing's place. */
  public OrderRequest asNew() {
    return new OrderRequest(host, names, occasion, Optional.empty(), Optional.empty());
  }

  /** The same for a CA that does not know the certificate any more. */
  OrderRequest withoutReplaced() {
    boolean same = replaces.filter(before -> renews(before, names)).isPresent();
    return new OrderRequest(
        host, names, same ? Occasion.RENEWAL : Occasion.FIRST, Optional.empty(), key);
  }

  /** Whether a certificate of these names renews another: for CAs that is one of the same names. */
  public static boolean renews(X509Certificate before, List<HostPattern> names) {
    return Set.copyOf(Names.hosts(before)).equals(Set.copyOf(names));
  }

  /** Where the name stands as long as nothing is under way. */
  public Step start() {
    return occasion.isFirst() ? new Step.Wanted() : new Step.Renewing();
  }

  /** A failure that is one of the names', said so where there are several. */
  IssueException about(HostPattern name, IssueException failure) {
    return names.equals(List.of(host)) ? failure : failure.about(name);
  }
}
