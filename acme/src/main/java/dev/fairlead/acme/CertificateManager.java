package dev.fairlead.acme;

import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.dns.DnsChallenges;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.local.LocalCa;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.store.CertificateCopy;
import dev.fairlead.acme.store.ChallengeStorage;
import dev.fairlead.acme.store.CopiedName;
import dev.fairlead.acme.store.DnsRecordStorage;
import dev.fairlead.acme.store.LocalCaStorage;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.SecretStorage;
import dev.fairlead.acme.store.SharedNote;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.StorageCheck;
import dev.fairlead.acme.store.TicketKeyStorage;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Sees to it that every wanted name has a certificate: from the storage, from the CA, or from the
 * local CA until there is a better one. Starts and ends with the process; nothing here blocks but
 * {@link #close}, for two seconds at most. Thread-safe.
 */
public final class CertificateManager implements AutoCloseable {

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final Storage storage;
  private final Locks locks;
  private final Clock clock;
  private final Pace pace;
  private final Optional<CertificateCopy> copy;
  private final CopyKeeper copyKeeper;
  private final ChallengeBoard board;
  private final Workshops workshops;
  private final LocalCa localCa;
  private final LocalCaKeeper localCaKeeper;
  private final Workshop workshop;
  private final ChangeWatch changeWatch;
  private final Rounds rounds;
  private final Publisher publisher;
  private final StorageReport storageReport;
  private final List<Thread> helpers = new ArrayList<>();
  private final Map<HostPattern, NameKeeper> keepers = new HashMap<>();
  private boolean said;
  private boolean closed;

  /**
   * Makes a manager that does nothing yet.
   *
   * @param clock for validity, renewal and pauses
   * @param listener hears what is to be served
   */
  public CertificateManager(
      AcmeSettings acme, StorageSettings storage, Clock clock, CertificateListener listener) {
    this(acme, storage, clock, listener, StorageAccess.DIRECT, Pace.NORMAL, DnsNetwork.NORMAL);
  }

  CertificateManager(
      AcmeSettings acme,
      StorageSettings settings,
      Clock clock,
      CertificateListener listener,
      StorageAccess access,
      Pace pace,
      DnsNetwork network) {
    this.storage = new Storage(settings, access);
    this.locks = new Locks(storage, clock);
    this.clock = clock;
    this.pace = pace;
    this.board = new ChallengeBoard(new ChallengeStorage(storage));
    this.localCa = new LocalCa(new LocalCaStorage(storage), locks, clock);
    this.copy =
        settings.copy().map(path -> new CertificateCopy(path, settings.timeout(), this.storage));
    this.copyKeeper = new CopyKeeper(copy, clock, pace, () -> namesByAcme(acme.directories()));
    this.workshops =
        new Workshops(
            storage,
            locks,
            board,
            acme.dns()
                .map(dns -> DnsChallenges.of(dns, new DnsRecordStorage(this.storage), network)),
            copyKeeper,
            localCa,
            clock,
            pace,
            network);
    this.workshop = workshops.make(acme);
    this.changeWatch = new ChangeWatch(workshop.storage(), pace.changes(), this::wakeAll);
    this.rounds = new Rounds(this::keepers, pace.settled());
    this.publisher = new Publisher(this::firstKeepers, this::fallback, listener, pace.settled());
    this.storageReport =
        new StorageReport(
            new StorageCheck(storage, clock), publisher.initialLoad().copy(), pace.poll());
    this.localCaKeeper =
        new LocalCaKeeper(
            localCa, clock, pace.poll(), publisher.fallbackIsDue(), this::localCaChanged);
  }

  /** Begins; returns at once. */
  public synchronized void start() {
    helpers.add(Thread.ofVirtual().name("certificates").start(publisher));
    helpers.add(Thread.ofVirtual().name("local-ca").start(localCaKeeper));
    helpers.add(Thread.ofVirtual().name("certificate-changes").start(changeWatch));
    helpers.add(Thread.ofVirtual().name("certificate-rounds").start(rounds));
    helpers.add(Thread.ofVirtual().name("certificate-copy").start(copyKeeper));
    helpers.add(Thread.ofVirtual().name("storage-report").start(storageReport));
  }

  /**
   * Looks for a secret that all instances on the storage share, and makes it where there is none.
   * Returns at once.
   *
   * @param name of it
   * @param found told of it once, on another thread; while the storage can't be used, later
   * @return completes when it was found, or could not be at the first look
   */
  public synchronized CompletableFuture<Void> secret(String name, Consumer<byte[]> found) {
    SharedSecret secret =
        new SharedSecret(
            new SecretStorage(storage, name), locks, LockName.secret(name), pace.poll(), found);
    if (!closed) {
      helpers.add(Thread.ofVirtual().name("secret-" + name).start(secret));
    }
    return secret.firstLook();
  }

  /**
   * Looks after the secrets behind TLS session tickets that all instances on the storage share, and
   * replaces them day by day. Returns at once. As long as the storage cannot be used at a start
   * there are none; later those that are known go on for two days, then there are some of this
   * process alone.
   *
   * @param changed told of them when they are others, on another thread: 32 bytes each, that which
   *     encrypts first, then those that are accepted
   * @return completes when it was told, or there could be none at the first look
   */
  public synchronized CompletableFuture<Void> ticketKeys(Consumer<List<byte[]>> changed) {
    TicketKeyKeeper keeper =
        new TicketKeyKeeper(new TicketKeyStorage(storage), locks, clock, pace, changed);
    if (!closed) {
      helpers.add(Thread.ofVirtual().name("ticket-keys").start(keeper));
    }
    return keeper.firstLook();
  }

  /**
   * Says which names shall have a certificate, all of them. Returns at once. A name that is wanted
   * in both modes gets a certificate by ACME.
   */
  public synchronized void wanted(Set<WantedName> names) {
    if (closed) {
      return;
    }
    Map<HostPattern, WantedName> byHost = new HashMap<>();
    for (WantedName name : names) {
      byHost.merge(name.host(), name, (one, other) -> one.mode() == TlsMode.ACME ? one : other);
    }
    List<NameKeeper> obsolete =
        keepers.values().stream()
            .filter(keeper -> !keeper.name().equals(byHost.get(keeper.host())))
            .toList();
    Map<HostPattern, ServedCertificate> before = new HashMap<>();
    for (NameKeeper keeper : obsolete) {
      keeper.end();
      keepers.remove(keeper.host());
      keeper.served().ifPresent(last -> before.put(keeper.host(), last));
    }
    for (WantedName name : byHost.values()) {
      keepers.computeIfAbsent(
          name.host(), host -> keep(name, Optional.ofNullable(before.get(host))));
    }
    said = true;
    publisher.changed();
  }

  /**
   * Completes when everything stored for the first wanted names was heard by the listener, or was
   * found missing or out of reach: from then on every name is served with what there is. With a
   * storage that hangs this takes one {@code storage.timeout}.
   */
  public CompletableFuture<Void> initialLoad() {
    return publisher.initialLoad().copy();
  }

  /**
   * The answer to {@code /.well-known/acme-challenge/<token>}; see {@link
   * ChallengeBoard#keyAuthorization}. Never blocks, never fails.
   */
  public CompletionStage<Optional<String>> keyAuthorization(String token) {
    return board.keyAuthorization(token);
  }

  /**
   * The certificate for a handshake that offers only {@code acme-tls/1}; see {@link
   * ChallengeBoard#validationCertificate}. Never blocks, never fails.
   */
  public CompletionStage<Optional<KeyAndChain>> validationCertificate(String serverName) {
    return board.validationCertificate(serverName);
  }

  /** How it stands with every wanted name, ordered by host. */
  public synchronized List<CertificateStatus> status() {
    return keepers.values().stream()
        .map(NameKeeper::status)
        .sorted(Comparator.comparing(status -> status.host().toString()))
        .toList();
  }

  /**
   * A text that all instances on this storage share.
   *
   * @param name of letters; the same for all of them
   */
  public SharedNote sharedNote(String name) {
    return new SharedNote(storage, locks, name);
  }

  /** What is wrong with the storage and its copy now, one sentence each; empty when they work. */
  public List<String> storageProblems() {
    List<String> problems = new ArrayList<>(storage.problems().current());
    copy.ifPresent(known -> problems.addAll(known.problems().current()));
    return List.copyOf(problems);
  }

  /**
   * The file with the local CA's certificate, for clients to trust; empty while the storage cannot
   * be used, or before {@link #initialLoad}.
   */
  public Optional<Path> localCaCertificate() {
    return localCa.certificatePath();
  }

  /**
   * Ends orders and looks, gives locks back and lets what is being written end; waits two seconds
   * at most. What hangs longer than that touches the storage later, if ever.
   */
  @Override
  public void close() {
    List<Thread> threads = new ArrayList<>();
    synchronized (this) {
      closed = true;
      helpers.forEach(Thread::interrupt);
      threads.addAll(helpers);
      keepers.values().forEach(keeper -> keeper.end().ifPresent(threads::add));
      keepers.clear();
    }
    workshops.close();
    long end = System.nanoTime() + CLOSE_LIMIT.toNanos();
    try {
      for (Thread thread : threads) {
        thread.join(until(end));
      }
      closeStorages();
      storage.awaitEnd(until(end)); // an interrupt ends who waits, not what was being written
      if (copy.isPresent()) {
        copy.get().awaitEnd(until(end));
      }
    } catch (InterruptedException e) {
      closeStorages();
      Thread.currentThread().interrupt(); // who closes is in a hurry
    }
  }

  private void closeStorages() {
    storage.close();
    copy.ifPresent(CertificateCopy::close);
  }

  private NameKeeper keep(WantedName name, Optional<ServedCertificate> before) {
    NameKeeper keeper = new NameKeeper(name, workshop, before, this::lookedAt);
    keeper.start();
    return keeper;
  }

  private Optional<ServedCertificate> fallback() {
    return localCaKeeper.fallback();
  }

  private void lookedAt() {
    publisher.changed();
  }

  private void localCaChanged() {
    wakeAll();
    publisher.changed();
  }

  private void wakeAll() {
    keepers().forEach(NameKeeper::wake);
  }

  private synchronized Collection<NameKeeper> keepers() {
    return List.copyOf(keepers.values());
  }

  private synchronized Optional<Collection<NameKeeper>> firstKeepers() {
    return said ? Optional.of(keepers()) : Optional.empty();
  }

  /** Each wanted name at each CA, as any of them may have what is served. */
  private Optional<Collection<CopiedName>> namesByAcme(List<URI> directories) {
    return firstKeepers()
        .map(
            all ->
                all.stream()
                    .filter(NameKeeper::isByAcme)
                    .flatMap(
                        keeper ->
                            directories.stream()
                                .map(directory -> new CopiedName(keeper.host(), directory)))
                    .toList());
  }

  private static Duration until(long end) {
    return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
  }
}
