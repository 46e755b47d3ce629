package dev.fairlead.acme.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Stands before every operation on the storage, on the storage's own threads. Tests let it fail or
 * hang as a share does.
 */
@FunctionalInterface
public interface StorageAccess {

  /** Lets everything pass. */
  StorageAccess DIRECT = path -> {};

  /** The steps of writing that fail for reasons of their own. */
  enum Step {
    /** Bytes go into a new file. */
    WRITE,
    /** A file or a directory goes down to the disk. */
    SYNC,
    /** What was written gets its name. */
    RENAME
  }

  /**
   * Called before each use.
   *
   * @param path the file or directory that is about to be used
   * @throws IOException when it shall fail
   */
  void before(Path path) throws IOException;

  /**
   * Called before each step of a write.
   *
   * @param path what is written; the new name, when it is renamed
   * @throws IOException when it shall fail
   */
  default void before(Step step, Path path) throws IOException {}
}
