package dev.fairlead.acme.store;

import java.io.IOException;

/**
 * A lock that was taken: a lease on the storage, and the fcntl lock where there are such. What is
 * written under it is refused once somebody else has taken it over. Closing gives it back without
 * waiting for the share.
 */
public final class StorageLock implements AutoCloseable {

  private final Lease lease;
  private final Storage storage;

  StorageLock(Lease lease, Storage storage) {
    this.lease = lease;
    this.storage = storage;
  }

  /**
   * Looks at the storage whether nobody has taken it over. What is written asks by itself; this is
   * for what cannot be taken back and goes elsewhere, like an order to the CA.
   *
   * @throws StorageException when the storage does not answer
   */
  public boolean stillHeld() throws StorageException, InterruptedException {
    return storage.read(lease.path(), turn -> held());
  }

  private boolean held() throws IOException {
    try {
      lease.check();
      return true;
    } catch (StorageException e) {
      return false;
    }
  }

  /** Grows with each time that anybody takes the lock of this name. */
  long generation() {
    return lease.generation();
  }

  /**
   * Gives it back and waits until the share has it, so that the next who asks finds it free.
   * Closing it afterwards does nothing more.
   *
   * @throws StorageException when the storage does not answer; then others wait until it lapses
   */
  void giveBack() throws StorageException, InterruptedException {
    storage.peek(
        turn -> {
          release();
          return true;
        });
  }

  private void release() throws IOException {
    try {
      lease.release();
    } finally {
      storage.leases().givenBack(lease);
    }
  }

  @Override
  public void close() {
    storage.later(this::release);
  }
}
