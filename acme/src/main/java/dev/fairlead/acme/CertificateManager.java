package dev.fairlead.acme;

import dev.fairlead.acme.challenge.Answer;
import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.dns.DnsChallenges;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.local.LocalCa;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.preflight.Preflight;
import dev.fairlead.acme.store.CertificateCopy;
import dev.fairlead.acme.store.ChallengeStorage;
import dev.fairlead.acme.store.CopiedName;
import dev.fairlead.acme.store.DnsRecordStorage;
import dev.fairlead.acme.store.LocalCaStorage;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.SharedNote;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.StorageCheck;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Sees to it that every wanted name has a certificate: from the storage, from the CA, or from the
 * local CA until there is a better one. Starts and ends with the process; nothing here blocks but
 * {@link #close}, for two seconds at most. Thread-safe.
 */
public final class CertificateManager implements AutoCloseable {

  private final Storage storage;
  private final List<URI> directories;
  private final Duration archiveAfter;
  private final Optional<CertificateCopy> copy;
  private final CopyKeeper copyKeeper;
  private final ChallengeBoard board;
  private final Workshops workshops;
  private final Workshop workshop;
  private final LocalCa localCa;
  private final LocalCaKeeper localCaKeeper;
  private final ChangeWatch changeWatch;
  private final Rounds rounds;
  private final Publisher publisher;
  private final StorageReport storageReport;
  private final Helpers helpers = new Helpers();
  private final SharedParts shared;
  private final Keepers keepers;

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
    this(acme, settings, clock, listener, access, pace, network, Preflight.HTTP_PORT);
  }

  CertificateManager(
      AcmeSettings acme,
      StorageSettings settings,
      Clock clock,
      CertificateListener listener,
      StorageAccess access,
      Pace pace,
      DnsNetwork network,
      int httpPort) {
    this.storage = new Storage(settings, access);
    this.directories = acme.directories();
    this.archiveAfter = acme.archiveAfter();
    Locks locks = new Locks(storage, clock);
    this.board = new ChallengeBoard(new ChallengeStorage(storage));
    this.localCa = new LocalCa(new LocalCaStorage(storage), locks, clock);
    this.copy =
        settings.copy().map(path -> new CertificateCopy(path, settings.timeout(), this.storage));
    this.copyKeeper = new CopyKeeper(copy, clock, pace, this::copiedNames);
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
            new Preflights(board, network, httpPort, clock));
    this.workshop = workshops.make(acme);
    this.keepers = new Keepers(workshop, this::lookedAt);
    this.shared = new SharedParts(storage, locks, clock, pace, helpers);
    this.changeWatch = new ChangeWatch(workshop.storage(), pace.changes(), keepers::wakeAll);
    this.rounds = new Rounds(keepers::all, pace.settled());
    this.publisher = new Publisher(keepers::known, this::fallback, listener, pace.settled());
    this.storageReport =
        new StorageReport(
            new StorageCheck(storage, clock), publisher.initialLoad().copy(), pace.poll());
    this.localCaKeeper =
        new LocalCaKeeper(
            localCa, clock, pace.poll(), publisher.fallbackIsDue(), this::localCaChanged);
  }

  /** Begins; returns at once. */
  public void start() {
    helpers.start("certificates", publisher);
    helpers.start("local-ca", localCaKeeper);
    helpers.start("certificate-changes", changeWatch);
    helpers.start("certificate-rounds", rounds);
    helpers.start("certificate-copy", copyKeeper);
    helpers.start("storage-report", storageReport);
  }

  /**
   * Looks for a secret that all instances on the storage share, and makes it where there is none.
   * Returns at once.
   *
   * @param name of it
   * @param found told of it once, on another thread; while the storage can't be used, later
   * @return completes when it was found, or could not be at the first look
   */
  public CompletableFuture<Void> secret(String name, Consumer<byte[]> found) {
    return shared.secret(name, found);
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
  public CompletableFuture<Void> ticketKeys(Consumer<List<byte[]>> changed) {
    return shared.ticketKeys(changed);
  }

  /**
   * Says which names shall have a certificate, all of them. Returns at once. A name that is wanted
   * in both modes gets a certificate by ACME.
   */
  public void wanted(Set<WantedName> names) {
    if (keepers.wanted(names)) {
      publisher.changed();
    }
  }

  /**
   * Lets names that are stored and not wanted be renewed for {@code acme.archive-after} and then be
   * archived; without this they are left as they are. Returns at once; once.
   *
   * @param complete whether what was said to be {@link #wanted} is all that is wanted. What was
   *     said while it is not is no reason to archive anything
   */
  public void archiveUnwanted(BooleanSupplier complete) {
    helpers.start(
        "certificate-archive", new ArchiveKeeper(workshop, keepers, complete, archiveAfter));
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
  public CompletionStage<Answer<String>> keyAuthorization(String token) {
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
  public List<CertificateStatus> status() {
    return keepers.status();
  }

  /**
   * A text that all instances on this storage share.
   *
   * @param name of letters; the same for all of them
   */
  public SharedNote sharedNote(String name) {
    return shared.note(name);
  }

  /** The hosts that the copy of the storage has certificates of. Blocks as the storage does. */
  public Set<HostPattern> copiedHosts() throws InterruptedException {
    return copy.isPresent() ? copy.get().hosts() : Set.of();
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
    List<Thread> threads = new ArrayList<>(helpers.end());
    threads.addAll(keepers.end());
    workshops.close();
    new Closing(storage, copy).close(threads);
  }

  private Optional<ServedCertificate> fallback() {
    return localCaKeeper.fallback();
  }

  private void lookedAt() {
    publisher.changed();
  }

  private void localCaChanged() {
    keepers.wakeAll();
    publisher.changed();
  }

  /** Each wanted name at each CA, as any of them may have what is served. */
  private Optional<Collection<CopiedName>> copiedNames() {
    return keepers
        .known()
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
}
