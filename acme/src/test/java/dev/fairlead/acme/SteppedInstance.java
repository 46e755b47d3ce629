package dev.fairlead.acme;

import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.local.LocalCa;
import dev.fairlead.acme.store.ChallengeStorage;
import dev.fairlead.acme.store.LocalCaStorage;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one instance has for its names, without the threads that look after them: it is told when to
 * look, and says when it wants to look again. Used by one thread.
 */
final class SteppedInstance implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Storage storage;
  private final Workshops workshops;
  private final Workshop workshop;
  private final Map<HostPattern, AcmeCertificate> names = new HashMap<>();
  private final Map<HostPattern, ServedCertificate> served = new HashMap<>();

  SteppedInstance(AcmeSettings acme, StorageSettings settings, Clock clock, Pace pace) {
    this.storage = new Storage(settings, StorageAccess.DIRECT);
    Locks locks = new Locks(storage, clock);
    ChallengeBoard board = new ChallengeBoard(new ChallengeStorage(storage));
    this.workshops =
        new Workshops(
            storage,
            locks,
            board,
            Optional.empty(),
            new CopyKeeper(Optional.empty(), clock, pace, Optional::empty),
            new LocalCa(new LocalCaStorage(storage), locks, clock),
            clock,
            pace,
            new Preflights(board, DnsNetwork.NORMAL, 80, clock));
    this.workshop = workshops.make(acme);
  }

  /**
   * Looks at a name once, as its keeper does.
   *
   * @return after what pause to look again
   */
  Duration look(HostPattern host) throws StorageException, InterruptedException {
    AcmeCertificate name = name(host);
    name.load();
    return name.orderWhenDue();
  }

  /** What visitors are shown, if there is a CA's certificate. */
  Optional<ServedCertificate> served(HostPattern host) {
    return Optional.ofNullable(served.get(host));
  }

  /** From when on what is served is to be replaced. */
  Optional<Instant> renewAt(HostPattern host) {
    return name(host).renewAt();
  }

  private AcmeCertificate name(HostPattern host) {
    return names.computeIfAbsent(
        host,
        _ ->
            new AcmeCertificate(
                new WantedName(host, TlsMode.ACME),
                workshop,
                certificate -> served.put(host, certificate)));
  }

  @Override
  public void close() {
    workshops.close();
    storage.close();
    try {
      storage.awaitEnd(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
