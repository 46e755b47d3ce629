package dev.fairlead.acme;

import dev.fairlead.acme.issue.CaServices;
import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.acme.issue.RevocationReason;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.NameArchive;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.NameStateStorage;
import dev.fairlead.acme.store.PatientLock;
import dev.fairlead.acme.store.RenewalStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageInventory;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.acme.store.WantedNote;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What people ask for by command, beside the instances that run on the same storage. Orders are
 * left to those: a wish is written down, and whichever instance gets the name's lock fulfils it, by
 * the rules and within the limits of every other order. Revocations and new account keys go to the
 * CA from here, as they have to be possible when nothing runs. Blocks its caller.
 */
public final class CertificateActions implements AutoCloseable {

  private static final Duration LOCK_POLL = Duration.ofMillis(500);

  /** An order takes that long at most. */
  private static final Duration LOCK_LIMIT = Duration.ofMinutes(5);

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final AcmeSettings acme;
  private final Storage storage;
  private final Locks locks;
  private final NameArchive archive;
  private final Clock clock;

  /** A certificate of one of the CAs. */
  private record Found(AuthoritySettings authority, KeyAndChain pair) {}

  /**
   * A name that waits for a new certificate.
   *
   * @param certificate the one that is to be replaced; empty when there was none
   */
  public record Pending(HostPattern host, String certificate) {}

  /** How it stands with a wish. */
  public sealed interface Answer {}

  /**
   * It is fulfilled.
   *
   * @param notAfter the end of the new certificate
   */
  public record Issued(Instant notAfter) implements Answer {}

  /**
   * It is not yet.
   *
   * @param error of the last order; empty when none was made
   * @param nextAttempt when another may follow
   */
  public record Waiting(Optional<String> error, Optional<Instant> nextAttempt) implements Answer {}

  /** Makes what does nothing yet. */
  public CertificateActions(AcmeSettings acme, StorageSettings storage, Clock clock) {
    this.acme = acme;
    this.storage = new Storage(storage, StorageAccess.DIRECT);
    this.locks = new Locks(this.storage, clock);
    this.archive = new NameArchive(this.storage, acme.directories());
    this.clock = clock;
  }

  /**
   * Why nothing should be asked for from here: what this process writes the proxy could not read.
   * Empty when nothing is wrong with it.
   */
  public Optional<String> notOurs() throws StorageException, InterruptedException {
    return new StorageInventory(storage).ownedBySomebodyElse();
  }

  /**
   * Asks for a new certificate, whatever the age of the one that is there, and after failures
   * before the next attempt.
   *
   * @throws ActionException when the storage knows nothing of the name
   */
  public Pending renew(HostPattern host)
      throws ActionException, StorageException, InterruptedException {
    if (!isStored(host) && states().load(host).equals(NameState.NEW)) {
      throw archive.isArchived(host) ? archived(host) : unknown(host);
    }
    return underLock(host, () -> request(host, best(host), false));
  }

  /**
   * Revokes the certificate that is served, and asks for another one with another key. Until that
   * is there the revoked one is served: few clients would notice, all would notice the local CA's.
   * One that was revoked before is replaced, too: who did that may not have come any further. One
   * that is archived is brought back first, as what is asked for is noted beside it.
   *
   * @param said hears what is done, before anything is waited for
   * @throws IssueException when the CA did not revoke it; then nothing else was done
   */
  public Pending revoke(HostPattern host, RevocationReason reason, Consumer<String> said)
      throws ActionException, IssueException, StorageException, InterruptedException {
    if (!isStored(host) && archive.isArchived(host)) {
      bringBack(host, said);
    }
    Found found =
        (isStored(host) ? best(host) : Optional.<Found>empty())
            .orElseThrow(
                () -> new ActionException("%s: no certificate of it is stored".formatted(host)));
    boolean revoked;
    try (CaServices ca = services(found.authority())) {
      revoked = ca.revoke(found.pair(), reason);
    }
    said.accept(
        (revoked
                ? "%s: the certificate %s was revoked at %s"
                : "%s: the certificate %s had been revoked before at %s")
            .formatted(
                host,
                found.pair().leaf().getSerialNumber().toString(16),
                found.authority().directory()));
    return underLock(host, () -> request(host, Optional.of(found), true));
  }

  private void bringBack(HostPattern host, Consumer<String> said)
      throws ActionException, StorageException, InterruptedException {
    boolean there =
        underLock(
            host,
            () -> archive.restore(host, clock.instant(), WantedNote.neverWanted(clock.instant())));
    if (there) {
      said.accept(
          "%s: it was archived, and is kept outside of the archive for another %d days"
              .formatted(host, acme.archiveAfter().toDays()));
    }
  }

  /**
   * Gives the accounts at all CAs new keys.
   *
   * @param said hears what became of each
   * @return whether there was an account
   */
  public boolean rollOver(Consumer<String> said)
      throws IssueException, StorageException, InterruptedException {
    boolean any = false;
    for (AuthoritySettings authority : authorities()) {
      try (CaServices ca = services(authority)) {
        Optional<String> account = ca.rollOver();
        any |= account.isPresent();
        said.accept(
            account
                .map(url -> "account %s: it has a new key".formatted(url))
                .orElse("%s: there is no account yet".formatted(authority.directory())));
      }
    }
    return any;
  }

  /** Waits until a wish is fulfilled, or the limit is over. */
  public Answer await(Pending pending, Duration limit)
      throws StorageException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<Found> found = best(pending.host());
      if (found.isPresent() && !found.get().pair().fingerprint().equals(pending.certificate())) {
        return new Issued(found.get().pair().notAfter());
      }
      if (System.nanoTime() - end > 0) {
        NameState state = states().load(pending.host());
        return new Waiting(
            Optional.of(state.lastError()).filter(_ -> state.isTroubled()),
            Optional.of(state.nextAttempt()).filter(_ -> state.isTroubled()));
      }
      Thread.sleep(LOOK);
    }
  }

  private Pending request(HostPattern host, Optional<Found> found, boolean newKey)
      throws ActionException, StorageException, InterruptedException {
    NameState state = states().loadFresh(host);
    if (found.isEmpty() && state.equals(NameState.NEW)) {
      throw unknown(host);
    }
    String certificate = found.map(known -> known.pair().fingerprint()).orElse("");
    new RequestWriter(
            states(),
            acme.fallback().map(second -> new NameStateStorage(storage, second.directory())),
            new RenewalStorage(storage, acme.directory()))
        .write(host, certificate, newKey, clock.instant());
    return new Pending(host, certificate);
  }

  private static ActionException unknown(HostPattern host) {
    return new ActionException(
        "%s: the storage knows nothing of it (expected: a name that a service has)"
            .formatted(host));
  }

  private static ActionException archived(HostPattern host) {
    return new ActionException(
        "%s: it is archived, as no service has had it for long (fix: none needed, it comes back when a service has it)"
            .formatted(host));
  }

  /** Looks without writing anything: a wrong path must not become a storage. */
  private boolean isStored(HostPattern host) throws StorageException, InterruptedException {
    for (AuthoritySettings authority : authorities()) {
      Optional<LoadedPair> loaded =
          certificates(authority.directory()).loadIfChanged(host, Optional.empty());
      if (loaded.flatMap(LoadedPair::pair).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private Optional<Found> best(HostPattern host) throws StorageException, InterruptedException {
    List<Found> found = new ArrayList<>();
    for (AuthoritySettings authority : authorities()) {
      certificates(authority.directory())
          .loadFresh(host)
          .pair()
          .ifPresent(pair -> found.add(new Found(authority, pair)));
    }
    Optional<KeyAndChain> best =
        BestCertificate.of(found.stream().map(Found::pair).toList(), clock.instant());
    return best.flatMap(
        pair -> found.stream().filter(each -> each.pair().equals(pair)).findFirst());
  }

  private <T> T underLock(HostPattern host, Action<T> action)
      throws ActionException, StorageException, InterruptedException {
    LockName name = LockName.of(host);
    Optional<StorageLock> lock = PatientLock.take(locks, name, LOCK_POLL, LOCK_LIMIT);
    if (lock.isEmpty()) {
      throw new ActionException(
          "%s: another instance orders it: %s".formatted(host, locks.holder(name)));
    }
    try (StorageLock _ = lock.get()) {
      return action.run();
    }
  }

  private List<AuthoritySettings> authorities() {
    return Stream.concat(Stream.of(acme.authority()), acme.fallback().stream()).toList();
  }

  private CaServices services(AuthoritySettings authority) {
    return new CaServices(
        authority, new AccountStorage(storage, authority.directory()), locks, clock);
  }

  private NameStateStorage states() {
    return new NameStateStorage(storage, acme.directory());
  }

  private CertificateStorage certificates(URI directory) {
    return new CertificateStorage(storage, directory);
  }

  /** Ends; the locks are free when it has, but for a storage that hangs. */
  @Override
  public void close() {
    storage.close();
    try {
      storage.awaitEnd(CLOSE_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is done under a name's lock. */
  @FunctionalInterface
  private interface Action<T> {
    T run() throws ActionException, StorageException, InterruptedException;
  }
}
