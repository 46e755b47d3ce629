package dev.fairlead.acme.store;

import java.io.IOException;

/**
 * Tells an operation whether it may still write: somebody waits for it, and what it is done under
 * is held. {@link #guard} and {@link #checkWanted} are of the thread of the operation.
 */
final class IoTurn {

  private volatile boolean abandoned;
  private IoAction guard = () -> {};

  void abandon() {
    abandoned = true;
  }

  /** What has to hold for everything that is written from now on. */
  void guard(IoAction check) {
    guard = check;
  }

  /**
   * Called right before what changes the storage for others: what was given up minutes ago must not
   * replace what somebody wrote since, nor may who lost the lock.
   */
  void checkWanted() throws IOException {
    guard.run();
    if (abandoned) {
      throw new IOException("given up before it was written");
    }
  }
}
