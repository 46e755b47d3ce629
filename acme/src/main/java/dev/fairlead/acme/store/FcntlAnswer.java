package dev.fairlead.acme.store;

import java.io.IOException;

/** What came of asking for an fcntl lock. */
sealed interface FcntlAnswer {

  /** Another process has it, or another part of this one. */
  record Busy() implements FcntlAnswer {}

  /** The file system has no such locks, or nobody answers for them ({@code ENOLCK}). */
  record Unavailable() implements FcntlAnswer {}

  /** It is this process's. */
  non-sealed interface Granted extends FcntlAnswer {

    /**
     * Writes through the lock. After the server gave it away this is what fails, with {@code EIO};
     * {@code FileLock.isValid()} stays true.
     */
    void touch() throws IOException;

    void release() throws IOException;
  }
}
