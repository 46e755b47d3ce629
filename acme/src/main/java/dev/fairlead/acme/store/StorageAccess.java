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

  /**
   * Called before each use.
   *
   * @param path the file or directory that is about to be used
   * @throws IOException when it shall fail
   */
  void before(Path path) throws IOException;
}
