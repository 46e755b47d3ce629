package dev.fairlead.acme.store;

import java.io.IOException;
import java.io.UncheckedIOException;

/** One operation on the storage, which may hang. */
@FunctionalInterface
interface IoCall<T> {

  /** What is listed as a stream may fail unchecked: see {@link #run}. */
  T call(IoTurn turn) throws IOException;

  /**
   * Calls it. A directory that was opened may fail when it is read, as those of a share do whose
   * server is away, or that was removed there: it then fails like one that cannot be opened.
   */
  default T run(IoTurn turn) throws IOException {
    try {
      return call(turn);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
