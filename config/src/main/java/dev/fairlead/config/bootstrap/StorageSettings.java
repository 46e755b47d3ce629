package dev.fairlead.config.bootstrap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The directory that keeps certificates and the ACME account, usually on a share.
 *
 * @param path the directory
 * @param timeout how long one operation on it may take before it counts as failed
 * @param copy the directory on this machine's own disk that keeps a copy of the certificates, for
 *     starts while the other one is out of reach
 */
public record StorageSettings(Path path, Duration timeout, Optional<Path> copy) {

  /** Without a copy. */
  public StorageSettings(Path path, Duration timeout) {
    this(path, timeout, Optional.empty());
  }
}
