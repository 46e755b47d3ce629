package dev.fairlead.app.cli;

import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.load.Parsed;
import dev.fairlead.config.load.SettingsLoader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command takes its settings from: a file, the environment, and {@code --set}. */
final class SettingsFlags {

  /** What a container mounts without further words. */
  private static final Path USUAL_FILE = Path.of("/etc/fairlead/fairlead.yml");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "the settings file (default: /etc/fairlead/fairlead.yml where there is one)")
  private @Nullable Path file;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "KEY=VALUE",
      description = "one setting, such as log.level=debug; wins over the environment and the file")
  private Map<String, String> settings = new LinkedHashMap<>();

  /** The settings; or empty, and every problem was printed as a line. */
  Optional<Settings> load(PrintWriter err) {
    return switch (SettingsLoader.load(file(), System.getenv(), settings)) {
      case Parsed.Valid<Settings>(Settings valid) -> Optional.of(valid);
      case Parsed.Invalid<Settings>(var problems) -> {
        problems.forEach(err::println);
        yield Optional.empty();
      }
    };
  }

  private Optional<Path> file() {
    return file != null ? Optional.of(file) : Optional.of(USUAL_FILE).filter(Files::exists);
  }
}
