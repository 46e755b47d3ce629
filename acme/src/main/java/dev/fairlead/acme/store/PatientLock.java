package dev.fairlead.acme.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Waits for a lock that others hold for moments only. */
public final class PatientLock {

  private PatientLock() {}

  /**
   * Takes a lock as soon as it is free.
   *
   * @param pause between two looks, up to twice as long by chance
   * @param limit of the whole wait
   * @return empty when the limit is over
   */
  public static Optional<StorageLock> take(
      Locks locks, LockName name, Duration pause, Duration limit)
      throws StorageException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<StorageLock> lock = locks.tryLock(name);
      if (lock.isPresent() || System.nanoTime() - end >= 0) {
        return lock;
      }
      Thread.sleep(pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() + 1)));
    }
  }
}
