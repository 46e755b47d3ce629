package dev.fairlead.acme;

import dev.fairlead.acme.dns.DnsException;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.dns.NameRecords;
import dev.fairlead.acme.dns.TextView;
import dev.fairlead.acme.issue.CaServices;
import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.acme.persist.PersistRules;
import dev.fairlead.acme.persist.PersistRules.Wrong;
import dev.fairlead.acme.persist.PersistTerms;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.PersistMemory;
import dev.fairlead.acme.store.PersistMemory.Sight;
import dev.fairlead.acme.store.PersistStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The records of dns-persist-01 that a name needs, at all CAs of the settings, and whether they are
 * in DNS. Asks each CA for what it calls itself; orders nothing, and needs no running proxy. Blocks
 * its caller.
 */
public final class PersistRecords {

  private final AcmeSettings acme;
  private final Storage storage;
  private final NameRecords dns;
  private final Clock clock;

  private PersistRecords(AcmeSettings acme, Storage storage, DnsNetwork network, Clock clock) {
    this.acme = acme;
    this.storage = storage;
    this.dns = new NameRecords(acme.issuance().resolver(), network);
    this.clock = clock;
  }

  /**
   * How it stands with one record.
   *
   * @param directory of the CA that it is for
   * @param line the record as a zone file has it; empty while we have no account at the CA
   * @param problem why what DNS has will not do; empty when it will
   * @param since when a proxy has first seen it, if one has
   */
  public record Answer(
      URI directory, Optional<String> line, Optional<String> problem, Optional<Instant> since) {}

  /**
   * Looks at all of them, that of the first CA first.
   *
   * @throws IssueException when a CA could not be asked, in plain words
   */
  public static List<Answer> look(
      AcmeSettings acme, StorageSettings settings, HostPattern host, Clock clock)
      throws IssueException, StorageException, InterruptedException {
    return look(acme, settings, host, DnsNetwork.NORMAL, clock);
  }

  static List<Answer> look(
      AcmeSettings acme,
      StorageSettings settings,
      HostPattern host,
      DnsNetwork network,
      Clock clock)
      throws IssueException, StorageException, InterruptedException {
    try (Storage storage = new Storage(settings, StorageAccess.DIRECT)) {
      return new PersistRecords(acme, storage, network, clock).all(host);
    }
  }

  private List<Answer> all(HostPattern host)
      throws IssueException, StorageException, InterruptedException {
    List<Answer> answers = new ArrayList<>();
    for (AcmeSettings each : authorities()) {
      answers.add(at(each, host));
    }
    return answers;
  }

  /** The settings as they are at each of them. */
  private List<AcmeSettings> authorities() {
    return Stream.of(
            Optional.of(acme).stream(), acme.atStaging().stream(), acme.atFallback().stream())
        .flatMap(each -> each)
        .toList();
  }

  private Answer at(AcmeSettings there, HostPattern host)
      throws IssueException, StorageException, InterruptedException {
    URI directory = there.directory();
    PersistMemory memory = new PersistStorage(storage, directory).load(host);
    Optional<PersistTerms> terms;
    try (CaServices ca =
        new CaServices(
            there.authority(),
            new AccountStorage(storage, directory),
            new Locks(storage, clock),
            clock)) {
      terms = ca.persistTerms(host, there.issuance(), memory);
    }
    return new Answer(
        directory,
        terms.map(known -> known.wanted().line()),
        terms.isPresent()
            ? problem(terms.get())
            : Optional.of(
                "there is no account at the CA yet (expected: a proxy that runs makes one at its"
                    + " first order)"),
        memory.sight().map(Sight::since));
  }

  private Optional<String> problem(PersistTerms terms) throws InterruptedException {
    try {
      for (TextView view : dns.texts(terms.wanted().name())) {
        if (PersistRules.look(view.texts(), terms, clock.instant()) instanceof Wrong wrong) {
          return Optional.of(wrong.why() + view.server().map(each -> ", at " + each).orElse(""));
        }
      }
      return Optional.empty();
    } catch (DnsException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
