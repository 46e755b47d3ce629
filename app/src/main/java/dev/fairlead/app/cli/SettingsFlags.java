package dev.fairlead.app.cli;

import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.load.Parsed;
import dev.fairlead.config.load.SettingsLoader;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.SettingOptions;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where a command takes its settings from: a file, the environment, and a flag for each option of
 * the catalogue ({@code --acme.email=me@example.com}).
 */
final class SettingsFlags {

  /** What a container mounts without further words. */
  private static final Path USUAL_FILE = Path.of("/etc/fairlead/fairlead.yml");

  private static final String FILE = "--config";

  private SettingsFlags() {}

  /** Gives the flags to a command. */
  static void addTo(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.addOption(
        OptionSpec.builder("-c", FILE)
            .paramLabel("FILE")
            .type(Path.class)
            .description("the settings file (default: " + USUAL_FILE + " where there is one)")
            .build());
    for (Option<?> option : SettingOptions.ALL.options()) {
      spec.addOption(
          OptionSpec.builder(name(option))
              .paramLabel("VALUE")
              .type(String.class)
              // picocli reads a description as a format
              .description(option.doc().replace("%", "%%"))
              .build());
    }
  }

  /** The settings; or empty, and every problem was printed as a line. */
  static Optional<Settings> load(CommandSpec command, PrintWriter err) {
    CommandLine.ParseResult parsed = command.commandLine().getParseResult();
    Map<String, String> flags = new LinkedHashMap<>();
    for (Option<?> option : SettingOptions.ALL.options()) {
      @Nullable String value = parsed.matchedOptionValue(name(option), null);
      if (value != null) {
        flags.put(option.key(), value);
      }
    }
    Optional<Path> file =
        Optional.<Path>ofNullable(parsed.matchedOptionValue(FILE, null))
            .or(() -> Optional.of(USUAL_FILE).filter(Files::exists));
    return switch (SettingsLoader.load(file, System.getenv(), flags)) {
      case Parsed.Valid<Settings>(Settings valid) -> Optional.of(valid);
      case Parsed.Invalid<Settings>(var problems) -> {
        problems.forEach(err::println);
        yield Optional.empty();
      }
    };
  }

  private static String name(Option<?> option) {
    return "--" + option.key();
  }
}
