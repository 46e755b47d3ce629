package dev.fairlead.discovery.file;

import dev.fairlead.config.bootstrap.FileSettings;
import dev.fairlead.config.load.Parsed;
import dev.fairlead.config.load.Problem;
import dev.fairlead.config.load.RouteDefinition;
import dev.fairlead.config.load.ServicesFile;
import dev.fairlead.config.load.StaticService;
import dev.fairlead.discovery.Discovery;
import dev.fairlead.discovery.FoundService;
import dev.fairlead.discovery.Provider;
import dev.fairlead.discovery.ServiceRoutes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the services in a YAML file. After a change the file is taken once two looks have read the
 * same: a file that somebody is still writing is not.
 *
 * <p>Reads of a share that hangs have no time limit; they hold up this provider only.
 */
public final class FileProvider implements Provider {

  private static final Duration SECOND_LOOK = Duration.ofMillis(100);

  /** What changes when a file does. */
  private record Stamp(FileTime modified, long sizeBytes, @Nullable Object key) {
    static Optional<Stamp> of(Path file) {
      try {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return Optional.of(
            new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }

  private record Reading(Optional<Stamp> stamp, Parsed<List<StaticService>> content) {}

  private final Path file;
  private final Duration poll;
  private final Optional<String> domain;

  /** What is in force, and what was read last. They are the same while nothing changes. */
  private @Nullable Reading taken;

  private @Nullable Reading newest;

  private FileProvider(Path file, Duration poll, Optional<String> domain) {
    this.file = file;
    this.poll = poll;
    this.domain = domain;
  }

  /**
   * A provider for the file of the settings.
   *
   * @param domain services without a host are at {@code <service>.<domain>}
   * @return empty when the settings name no file
   */
  public static Optional<FileProvider> of(FileSettings settings, Optional<String> domain) {
    return settings.path().map(path -> new FileProvider(path, settings.poll(), domain));
  }

  @Override
  public String name() {
    return "File " + file;
  }

  /** A file tells of no change. */
  @Override
  public void start(Runnable wake) {}

  @Override
  public Duration pause() {
    boolean settled = Objects.equals(taken, newest);
    return settled || poll.compareTo(SECOND_LOOK) < 0 ? poll : SECOND_LOOK;
  }

  @Override
  public void close() {}

  @Override
  public Discovery look() {
    Optional<Stamp> stamp = Stamp.of(file);
    Reading before = newest;
    if (taken == null || stamp.isEmpty() || !stamp.equals(taken.stamp)) {
      newest = new Reading(stamp, ServicesFile.read(file, domain));
      if (taken == null || newest.equals(before)) {
        taken = newest;
      }
    } else {
      newest = taken;
    }
    return discovery(taken.content);
  }

  private static Discovery discovery(Parsed<List<StaticService>> content) {
    return switch (content) {
      case Parsed.Valid<List<StaticService>>(var services) ->
          new Discovery.Complete(services.stream().map(FileProvider::found).toList(), List.of());
      case Parsed.Invalid<List<StaticService>>(var problems) ->
          new Discovery.Failed(
              problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    };
  }

  private static FoundService found(StaticService service) {
    String name = service.definition().service();
    ServiceRoutes routes = new ServiceRoutes(name);
    for (RouteDefinition route : service.definition().routes()) {
      // No service of the Swarm has this name: its clusters end with a port.
      routes.add(route, name + "@file", service.endpoints());
    }
    // What is written in a file is older than anything that starts by itself.
    return routes.toService(name, Instant.EPOCH);
  }
}
