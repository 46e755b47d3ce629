package dev.fairlead.acme.challenge;

import dev.fairlead.acme.store.StorageException;

/** An answer on the board. */
@FunctionalInterface
public interface Posted {

  /** Takes it down, here at once and then on the share. */
  void remove() throws StorageException, InterruptedException;
}
