package dev.fairlead.acme;

import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.dns.NameRecords;
import dev.fairlead.acme.issue.PersistGate;
import dev.fairlead.acme.preflight.Preflight;
import dev.fairlead.acme.store.PersistStorage;
import dev.fairlead.acme.store.Storage;
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

  /** What looks for the records of dns-persist-01, which no order is made without. */
  PersistGate gate(AcmeSettings acme, Storage storage) {
    return new PersistGate(
        acme.issuance(),
        new NameRecords(acme.issuance().resolver(), network),
        new PersistStorage(storage, acme.directory()),
        clock);
  }
}
