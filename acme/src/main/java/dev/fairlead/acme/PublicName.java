package dev.fairlead.acme;

import dev.fairlead.config.routing.AddressScope;
import dev.fairlead.config.routing.HostPattern;
import java.util.Optional;
import java.util.Set;

/** Which names and addresses a CA can give a certificate for. */
final class PublicName {

  /** They lead every visitor somewhere else, or nowhere (RFC 6761, RFC 7686). */
  private static final Set<String> NOBODYS = Set.of("localhost", "invalid", "onion", "alt");

  /** They exist inside a network only: a private CA may know them, a public one cannot. */
  private static final Set<String> PRIVATE =
      Set.of("local", "internal", "test", "example", "home.arpa", "lan", "home", "corp");

  private PublicName() {}

  /**
   * Why a name gets no certificate by ACME, in one sentence with the fix.
   *
   * @param privateCa whether the CA is one of the user's own
   * @param dns whether dns-01 can be answered
   * @return empty when it can get one
   */
  static Optional<String> problem(HostPattern host, boolean privateCa, boolean dns) {
    String name = host.suffix();
    if (host.wildcard() && !dns) {
      return problem(
          host, "a wildcard needs the challenge dns-01 and acme.dns.provider is not set");
    }
    if (host.address().isPresent()) {
      return ofAddress(host, AddressScope.of(host.address().get()), privateCa);
    }
    if (name.contains("_")) {
      return problem(host, "a name with an underscore gets no certificate");
    }
    if (isBelow(name, NOBODYS) || !name.contains(".")) {
      return problem(host, "no CA can reach it");
    }
    if (!privateCa && isBelow(name, PRIVATE)) {
      return problem(host, "no public CA can reach it");
    }
    return Optional.empty();
  }

  private static Optional<String> ofAddress(
      HostPattern host, AddressScope scope, boolean privateCa) {
    return switch (scope) {
      case GLOBAL -> Optional.empty();
      case INSIDE -> privateCa ? Optional.empty() : problem(host, "no public CA can reach it");
      case NOBODY -> problem(host, "it is the address of no host");
    };
  }

  private static boolean isBelow(String name, Set<String> domains) {
    return domains.stream().anyMatch(domain -> name.equals(domain) || name.endsWith("." + domain));
  }

  private static Optional<String> problem(HostPattern host, String reason) {
    return Optional.of(
        "tls of %s: acme (expected: local, as %s); unless one is stored, the local CA's certificate is served"
            .formatted(host, reason));
  }
}
