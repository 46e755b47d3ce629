package dev.fairlead.acme;

import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.preflight.Preflight;
import dev.fairlead.config.bootstrap.AcmeSettings;
import java.time.Clock;
import java.util.Optional;

/**
 * Makes what looks at names before they are ordered, for each CA.
 *
 * @param httpPort where a CA comes to for http-01
 */
record Preflights(ChallengeBoard board, DnsNetwork network, int httpPort, Clock clock) {

  /** Empty where nobody wants it. */
  Optional<Preflight> of(AcmeSettings acme) {
    return Optional.of(acme.preflight())
        .filter(settings -> settings.enabled())
        .map(
            settings ->
                new Preflight(
                    settings, acme.caFile().isPresent(), board, network, httpPort, clock));
  }
}
