package dev.fairlead.acme.store;

import java.io.IOException;

/** The storage could not be used; the message is one sentence for its owner, with the fix. */
public final class StorageException extends IOException {

  StorageException(String message) {
    super(message);
  }

  StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
