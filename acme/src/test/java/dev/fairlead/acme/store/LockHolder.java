package dev.fairlead.acme.store;

import dev.fairlead.config.bootstrap.StorageSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** A process that tries to take a lock, says whether it did, and keeps it until it is ended. */
final class LockHolder {

  private LockHolder() {}

  public static void main(String[] args) throws Exception {
    Storage storage =
        new Storage(
            new StorageSettings(Path.of(args[0]), Duration.ofSeconds(5)), StorageAccess.DIRECT);
    Optional<StorageLock> lock =
        new Locks(storage, Clock.systemUTC()).tryLock(new LockName(args[1]));
    System.out.println(lock.isPresent() ? "held" : "refused");
    Thread.currentThread().join(); // for ever: whoever started it ends it
  }
}
