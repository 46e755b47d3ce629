package dev.fairlead.acme.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may write what, over all instances on the share: for each name a lease, made by an atomic
 * create, and an fcntl lock. The lease alone excludes others, on mounts too whose fcntl locks don't
 * reach other machines; the fcntl lock tells at once that a holder is dead. Thread-safe.
 */
public final class Locks {

  private static final Logger LOG = LoggerFactory.getLogger(Locks.class);

  private final Storage storage;
  private final Clock clock;
  private final Path path;
  private final LeaseTerms terms;
  private volatile @Nullable Surroundings surroundings;

  public Locks(Storage storage, Clock clock) {
    this(storage, clock, LeaseTerms.NORMAL, null);
  }

  /**
   * For tests, which choose where they run.
   *
   * @param surroundings null to find out
   */
  Locks(Storage storage, Clock clock, LeaseTerms terms, @Nullable Surroundings surroundings) {
    this.storage = storage;
    this.clock = clock;
    this.path = storage.root().resolve("locks");
    this.terms = terms;
    this.surroundings = surroundings;
  }

  /**
   * Takes a lock when it is free, or its holder is dead; never waits for it.
   *
   * @param name a host as the storage spells it, or the name of something else that is written
   */
  public Optional<StorageLock> tryLock(LockName name)
      throws StorageException, InterruptedException {
    return storage.write(
        path,
        turn -> take(name).map(lease -> new StorageLock(lease, storage)),
        late -> late.ifPresent(StorageLock::close));
  }

  /** Who holds a lock, or held it last. */
  public String holder(LockName name) throws StorageException, InterruptedException {
    return storage.read(
        path,
        turn -> {
          Optional<LeaseEntry> newest = folder(name).newest();
          return newest.isPresent()
              ? newest.get().holder()
              : LockFile.of(file(name)).holder(storage.files());
        });
  }

  private Optional<Lease> take(LockName name) throws IOException {
    if (!storage.leases().reserve(name)) {
      return Optional.empty();
    }
    Optional<Lease> lease = Optional.empty();
    try {
      storage.files().createDirectories(storage.root(), path);
      lease = takeReserved(name);
      return lease;
    } finally {
      storage.leases().taken(name, lease, terms.beat());
    }
  }

  private Optional<Lease> takeReserved(LockName name) throws IOException {
    Surroundings here = surroundings();
    String holder = holder();
    FcntlAnswer answer = here.locking().tryLock(file(name), holder, storage.files());
    Optional<FcntlAnswer.Granted> lock =
        answer instanceof FcntlAnswer.Granted granted ? Optional.of(granted) : Optional.empty();
    Optional<Lease> lease = Optional.empty();
    try {
      LeaseText text =
          new LeaseText(
              holder,
              storage.instance(),
              here.machine(),
              lock.isPresent() ? here.reach() : LockReach.NONE,
              false);
      lease = make(name, answer, text, here).map(each -> lease(name, each, text, lock));
      return lease;
    } finally {
      if (lease.isEmpty() && lock.isPresent()) {
        lock.get().release();
      }
    }
  }

  private Lease lease(
      LockName name, long generation, LeaseText text, Optional<FcntlAnswer.Granted> lock) {
    return new Lease(name, generation, text, folder(name), lock);
  }

  /** Makes the next lease of a name when its time has come; gives its number. */
  private Optional<Long> make(LockName name, FcntlAnswer answer, LeaseText text, Surroundings here)
      throws IOException {
    LeaseFolder folder = folder(name);
    folder.prepare();
    Instant now = folder.serverTime();
    Optional<LeaseEntry> last = folder.newest();
    if (!LeaseRules.mayFollow(last, answer, now, storage.instance(), here, terms)) {
      return Optional.empty();
    }
    long next = last.map(LeaseEntry::generation).orElse(0L) + 1;
    if (!folder.create(next, text)) {
      return Optional.empty();
    }
    folder.removeBefore(next, now);
    folder.sync();
    last.filter(before -> !before.isFree()).ifPresent(before -> remark(name, before, now));
    return Optional.of(next);
  }

  private static void remark(LockName name, LeaseEntry before, Instant now) {
    LOG.info(
        "lock {}: taken over from {}, whose last sign was {} s ago",
        name.text(),
        before.holder(),
        Math.max(0, now.getEpochSecond() - before.touched().getEpochSecond()));
  }

  private Surroundings surroundings() throws IOException {
    Surroundings known = surroundings;
    if (known == null) {
      known = Surroundings.of(path);
      surroundings = known;
    }
    return known;
  }

  private LeaseFolder folder(LockName name) {
    return new LeaseFolder(storage.root(), path.resolve(name.text() + ".lease"), storage.files());
  }

  private Path file(LockName name) {
    return path.resolve(name.text() + ".lock");
  }

  private String holder() {
    return "pid %d on %s since %s"
        .formatted(
            ProcessHandle.current().pid(),
            machine(),
            clock.instant().truncatedTo(ChronoUnit.SECONDS));
  }

  /** In a container the host name is its id, which is what its owner looks for. */
  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an unknown host";
    }
  }
}
