package dev.fairlead.acme.store;

import java.nio.channels.FileLock;

/** A lock that is held. Closing gives it back without waiting for the share. */
public final class StorageLock implements AutoCloseable {

  private final FileLock lock;
  private final Storage storage;

  StorageLock(FileLock lock, Storage storage) {
    this.lock = lock;
    this.storage = storage;
  }

  @Override
  public void close() {
    storage.later(lock::release);
  }
}
