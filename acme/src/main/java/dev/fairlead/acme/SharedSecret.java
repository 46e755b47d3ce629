package dev.fairlead.acme;

import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.SecretStorage;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Finds the secret that all instances on a share use, or makes it: whoever comes first. While the
 * share is away it is looked for again and again. Runs on a virtual thread of its own, and ends
 * when it has one.
 */
final class SharedSecret implements Runnable {

  private final SecretStorage storage;
  private final Locks locks;
  private final LockName lockName;
  private final Duration poll;
  private final Consumer<byte[]> found;
  private final CompletableFuture<Void> firstLook = new CompletableFuture<>();

  /**
   * @param found told once
   */
  SharedSecret(
      SecretStorage storage,
      Locks locks,
      LockName lockName,
      Duration poll,
      Consumer<byte[]> found) {
    this.storage = storage;
    this.locks = locks;
    this.lockName = lockName;
    this.poll = poll;
    this.found = found;
  }

  /** Completes when it was found, or could not be at the first look. */
  CompletableFuture<Void> firstLook() {
    return firstLook;
  }

  @Override
  public void run() {
    try {
      Optional<byte[]> secret = look();
      while (secret.isEmpty()) {
        firstLook.complete(null);
        Thread.sleep(poll);
        secret = look();
      }
      found.accept(secret.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the manager was closed
    } finally {
      firstLook.complete(null);
    }
  }

  private Optional<byte[]> look() throws InterruptedException {
    try {
      Optional<byte[]> stored = storage.load();
      return stored.isPresent() ? stored : create();
    } catch (StorageException e) {
      return Optional.empty(); // the storage itself says what is wrong with it
    }
  }

  // Empty while another instance makes it: that one's is found at the next look.
  private Optional<byte[]> create() throws StorageException, InterruptedException {
    Optional<StorageLock> lock = locks.tryLock(lockName);
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    try (StorageLock _ = lock.get()) {
      Optional<byte[]> stored = storage.loadFresh();
      if (stored.isPresent()) {
        return stored;
      }
      byte[] made = new byte[SecretStorage.BYTES];
      new SecureRandom().nextBytes(made);
      storage.save(made);
      return Optional.of(made);
    }
  }
}
