package dev.fairlead.config.bootstrap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A YAML file as a source of routes.
 *
 * @param path the file with {@code services:}; empty when there is none
 * @param poll how often it is looked at for a change
 */
public record FileSettings(Optional<Path> path, Duration poll) {}
