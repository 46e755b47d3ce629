package dev.fairlead.acme.store;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Who may write what, over all instances on the share: one fcntl lock for each name. */
public final class Locks {

  private final Storage storage;
  private final Clock clock;
  private final Path path;

  public Locks(Storage storage, Clock clock) {
    this.storage = storage;
    this.clock = clock;
    this.path = storage.root().resolve("locks");
  }

  /**
   * Takes a lock when it is free; never waits for it.
   *
   * @param name a host as the storage spells it, or the name of something else that is written
   */
  public Optional<StorageLock> tryLock(LockName name)
      throws StorageException, InterruptedException {
    return storage.write(
        path,
        turn -> {
          storage.files().createDirectories(storage.root(), path);
          return LockFile.of(file(name))
              .tryLock(holder(), storage.files())
              .map(lock -> new StorageLock(lock, storage));
        },
        late -> late.ifPresent(StorageLock::close));
  }

  /** Who holds a lock, or held it last. */
  public String holder(LockName name) throws StorageException, InterruptedException {
    return storage.read(path, turn -> LockFile.of(file(name)).holder(storage.files()));
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
