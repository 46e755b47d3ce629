package dev.fairlead.acme;

import dev.fairlead.acme.store.CertificateCopy;
import dev.fairlead.acme.store.Storage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The end of a manager's work on its storage and the copy, within two seconds. */
final class Closing {

  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final Storage storage;
  private final Optional<CertificateCopy> copy;

  Closing(Storage storage, Optional<CertificateCopy> copy) {
    this.storage = storage;
    this.copy = copy;
  }

  /**
   * Waits for who was interrupted, then lets what is being written end.
   *
   * @param threads that end by themselves now
   */
  void close(List<Thread> threads) {
    long end = System.nanoTime() + LIMIT.toNanos();
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

  private static Duration until(long end) {
    return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
  }
}
