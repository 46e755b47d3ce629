package dev.fairlead.acme.preflight;

import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * What is going to be ordered.
 *
 * @param challenge that will be answered
 * @param issuers the CA's names in CAA records ({@code caaIdentities} of RFC 8555 §7.1.1); empty
 *     when it does not tell them
 * @param account its URL at the CA, once there is one
 */
public record Question(
    HostPattern host, Challenge challenge, Set<String> issuers, Optional<URI> account) {

  public Question {
    issuers = Set.copyOf(issuers);
  }

  /** Whether the CA looks at DNS alone. */
  boolean byDns() {
    return challenge == Challenge.DNS_01 || challenge == Challenge.DNS_PERSIST_01;
  }

  /** The challenge as RFC 8555 writes it. */
  String method() {
    return switch (challenge) {
      case HTTP_01 -> "http-01";
      case TLS_ALPN_01 -> "tls-alpn-01";
      case DNS_01 -> "dns-01";
      case DNS_PERSIST_01 -> "dns-persist-01";
    };
  }
}
