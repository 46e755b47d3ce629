package dev.fairlead.config.load;

import dev.fairlead.config.load.CheckedFile.Kind;
import dev.fairlead.config.schema.SettingOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at a file without running anything: for {@code fairlead check}. */
public final class FileCheck {

  /** Stands for the domain of services in a Compose file where none was given. */
  public static final String UNKNOWN_DOMAIN = ComposeFile.UNKNOWN_DOMAIN;

  private static final Set<String> COMPOSE_SECTIONS =
      Set.of("version", "networks", "volumes", "configs", "secrets", "include");
  private static final Set<String> COMPOSE_KEYS =
      Set.of("image", "build", "deploy", "labels", "extends", "command", "environment", "networks");

  private FileCheck() {}

  /**
   * Checks a Compose file or a file of Fairlead's own, whichever it is.
   *
   * @param domain of services without a host, where the file itself does not say it
   */
  public static CheckedFile check(Path file, Optional<String> domain) {
    Problems problems = new Problems();
    Optional<Yaml.Mapping> yaml = SettingSources.yaml(file, problems);
    if (yaml.isEmpty()) {
      return new CheckedFile(Kind.FAIRLEAD, List.of(), List.of(), problems.sorted());
    }
    return isCompose(yaml.get()) ? ComposeFile.check(yaml.get(), domain) : checkOwn(file, domain);
  }

  /** Whether it has anything that only Compose files have. */
  private static boolean isCompose(Yaml.Mapping file) {
    return file.entries().keySet().stream().anyMatch(COMPOSE_SECTIONS::contains)
        || (file.entries().get(ServicesFile.SERVICES) instanceof Yaml.Mapping(var services)
            && services.values().stream().anyMatch(FileCheck::isComposeService));
  }

  private static boolean isComposeService(Yaml service) {
    return service instanceof Yaml.Mapping(var keys)
        && keys.keySet().stream().anyMatch(COMPOSE_KEYS::contains);
  }

  private static CheckedFile checkOwn(Path file, Optional<String> domain) {
    Map<String, String> flags =
        domain.map(name -> Map.of(SettingOptions.DOMAIN.key(), name)).orElse(Map.of());
    return switch (SettingsLoader.load(Optional.of(file), Map.of(), flags)) {
      case Parsed.Invalid<?>(var problems) ->
          new CheckedFile(Kind.FAIRLEAD, List.of(), List.of(), problems);
      case Parsed.Valid(var settings) -> checkServices(file, settings.domain());
    };
  }

  private static CheckedFile checkServices(Path file, Optional<String> domain) {
    return switch (ServicesFile.read(file, domain)) {
      case Parsed.Invalid<?>(var problems) ->
          new CheckedFile(Kind.FAIRLEAD, List.of(), List.of(), problems);
      case Parsed.Valid(var services) ->
          new CheckedFile(
              Kind.FAIRLEAD,
              services.stream().map(StaticService::definition).toList(),
              List.of(),
              List.of());
    };
  }
}
