package dev.fairlead.config.bootstrap;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The directory that keeps certificates and the ACME account, usually on a share.
 *
 * @param path the directory
 * @param timeout how long one operation on it may take before it counts as failed
 */
public record StorageSettings(Path path, Duration timeout) {}
