package dev.fairlead.acme.preflight;

import dev.fairlead.acme.store.NameState;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What is going to be ordered.
 *
 * @param challenge that will be answered
 * @param issuers the CA's names in CAA records ({@code caaIdentities} of RFC 8555 §7.1.1); empty
 *     when it does not tell them
 * @param account its URL at the CA, once there is one
 * @param failures how many tries failed in a row before; see {@link NameState}
 */
public record Question(
    HostPattern host,
    Challenge challenge,
    Set<String> issuers,
    Optional<URI> account,
    int failures) {

  public Question {
    issuers = Set.copyOf(issuers);
  }

  /** One about what DNS says alone. */
  public Question(HostPattern host, Challenge challenge) {
    this(host, challenge, Set.of(), Optional.empty(), 0);
  }

  /** Whether the CA comes to an address of the host. */
  boolean needsAddress() {
    return challenge == Challenge.HTTP_01 || challenge == Challenge.TLS_ALPN_01;
  }

  /** The challenge as RFC 8555 writes it. */
  String method() {
    return challenge.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
