package dev.fairlead.acme.challenge;

import dev.fairlead.acme.store.StorageException;

/** An answer on the board. One of the two is called, once. */
public interface Posted {

  /** Takes it down, here at once and then on the share. */
  void remove() throws StorageException, InterruptedException;

  /** Leaves it to whoever goes on with the order. */
  void leave();
}
