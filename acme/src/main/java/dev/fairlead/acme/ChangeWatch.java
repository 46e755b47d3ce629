package dev.fairlead.acme;

import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.StorageException;
import java.time.Duration;
import java.util.Optional;

/**
 * Looks whether another instance has stored a certificate, on a virtual thread of its own. What a
 * thousand names would have to look for every few seconds is one look here.
 */
final class ChangeWatch implements Runnable {

  private final CertificateStorage storage;
  private final Duration poll;
  private final Runnable onChange;

  /**
   * Makes a watch that does nothing yet.
   *
   * @param onChange called when there may be something new
   */
  ChangeWatch(CertificateStorage storage, Duration poll, Runnable onChange) {
    this.storage = storage;
    this.poll = poll;
    this.onChange = onChange;
  }

  @Override
  public void run() {
    try {
      Optional<String> seen = look(Optional.empty());
      while (true) {
        Thread.sleep(poll);
        Optional<String> now = look(seen);
        if (!now.equals(seen)) {
          onChange.run();
        }
        seen = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the manager was closed
    }
  }

  private Optional<String> look(Optional<String> before) throws InterruptedException {
    try {
      return storage.changeMark();
    } catch (StorageException e) {
      return before; // the storage itself says what is wrong with it
    }
  }
}
