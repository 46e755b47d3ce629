package dev.fairlead.acme;

import dev.fairlead.acme.budget.Budget;
import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.dns.DnsChallenges;
import dev.fairlead.acme.issue.CaServices;
import dev.fairlead.acme.issue.Issuer;
import dev.fairlead.acme.local.LocalCa;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.BudgetStorage;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.NameArchive;
import dev.fairlead.acme.store.NameStateStorage;
import dev.fairlead.acme.store.RenewalStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.DnsSettings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Makes a {@link Workshop} for each CA, and ends what is in them. */
final class Workshops implements AutoCloseable {

  private static final int MOST_ORDERS = 4;
  private static final int MOST_QUESTIONS = 2;

  private final Storage storage;
  private final Locks locks;
  private final ChallengeBoard board;
  private final Optional<DnsChallenges> dns;
  private final CopyKeeper copy;
  private final LocalCa localCa;
  private final Clock clock;
  private final Pace pace;
  private final Preflights preflights;
  private final List<Issuer> issuers = new ArrayList<>();
  private final List<CaServices> services = new ArrayList<>();

  Workshops(
      Storage storage,
      Locks locks,
      ChallengeBoard board,
      Optional<DnsChallenges> dns,
      CopyKeeper copy,
      LocalCa localCa,
      Clock clock,
      Pace pace,
      Preflights preflights) {
    this.storage = storage;
    this.locks = locks;
    this.board = board;
    this.dns = dns;
    this.copy = copy;
    this.localCa = localCa;
    this.clock = clock;
    this.pace = pace;
    this.preflights = preflights;
  }

  /** The one of the first CA, with those of its staging and of the second one in it. */
  Workshop make(AcmeSettings acme) {
    return make(acme, new NameArchive(storage, acme.directories()));
  }

  private Workshop make(AcmeSettings acme, NameArchive archive) {
    Optional<Workshop> fallback = acme.atFallback().map(second -> make(second, archive));
    Optional<Workshop> staging = acme.atStaging().map(before -> make(before, archive));
    URI directory = acme.directory();
    Duration records = acme.dns().map(DnsSettings::waitLimit).orElse(Duration.ZERO);
    Issuer issuer =
        new Issuer(
            acme,
            new AccountStorage(storage, directory),
            new Budget(acme, new BudgetStorage(storage, directory), locks, clock),
            locks,
            board,
            dns,
            preflights.of(acme),
            Optional.of(preflights.gate(acme, storage)),
            clock,
            pace.orderLimit().plus(records));
    CaServices ca =
        new CaServices(acme.authority(), new AccountStorage(storage, directory), locks, clock);
    issuers.add(issuer);
    services.add(ca);
    return new Workshop(
        directory,
        new CertificateStorage(storage, directory),
        copy,
        new NameStateStorage(storage, directory),
        locks,
        issuer,
        localCa,
        new Semaphore(MOST_ORDERS, true),
        acme.caFile().isPresent(),
        acme.dns().isPresent() || isPersistent(acme),
        clock,
        pace,
        new RenewalMeans(
            new RenewalStorage(storage, directory), ca, new Semaphore(MOST_QUESTIONS), acme.keys()),
        archive,
        fallback,
        staging);
  }

  private static boolean isPersistent(AcmeSettings acme) {
    return acme.issuance().persistentWildcards() || acme.challenge() == Challenge.DNS_PERSIST_01;
  }

  @Override
  public void close() {
    issuers.forEach(Issuer::close);
    services.forEach(CaServices::close);
  }
}
