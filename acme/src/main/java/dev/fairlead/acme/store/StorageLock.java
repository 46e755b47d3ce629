package dev.fairlead.acme.store;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock that was taken: a lease on the storage, and the fcntl lock where there are such. What is
 * written under it is refused once somebody else has taken it over. Closing gives it back without
 * waiting for the share.
 */
public final class StorageLock implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StorageLock.class);

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
   * Gives it back and waits until the share has it, so that the next who asks finds it free; where
   * the storage does not answer, others wait until it lapses. Closing it afterwards does nothing
   * more.
   */
  public void giveBack() throws InterruptedException {
    try {
      storage.peek(
          turn -> {
            release();
            return true;
          });
    } catch (StorageException e) {
      LOG.debug("what was written is kept; the lock lapses", e);
    }
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
