package dev.fairlead.acme.store;

import java.io.IOException;

/** Tells an operation that hung for a while whether anybody still waits for it. */
final class IoTurn {

  private volatile boolean abandoned;

  void abandon() {
    abandoned = true;
  }

  /**
   * Called right before what changes the storage for others: what was given up minutes ago must not
   * replace what somebody wrote since.
   */
  void checkWanted() throws IOException {
    if (abandoned) {
      throw new IOException("given up before it was written");
    }
  }
}
