package dev.fairlead.app.cli;

import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.SettingOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where a command takes its settings from: a file, the environment, and a flag for each option of
 * the catalogue ({@code --acme.email=me@example.com}).
 */
final class SettingsFlags {

  private static final String FILE = "--config";

  private SettingsFlags() {}

  /** Gives the flags to a command. */
  static void addTo(CommandLine command) {
    addTo(command, _ -> true);
  }

  /**
   * Gives the flags to a command.
   *
   * @param shown which of them its help tells of; the others, which it has no use for, are read too
   */
  static void addTo(CommandLine command, Predicate<Option<?>> shown) {
    CommandSpec spec = command.getCommandSpec();
    spec.addOption(
        OptionSpec.builder("-c", FILE)
            .paramLabel("FILE")
            .type(Path.class)
            .description(
                "the settings file (default: " + ChosenSettings.USUAL_FILE + " where there is one)")
            .build());
    for (Option<?> option : SettingOptions.ALL.options()) {
      spec.addOption(
          OptionSpec.builder(name(option))
              .paramLabel("VALUE")
              .type(String.class)
              .hidden(!shown.test(option))
              // picocli reads a description as a format
              .description(option.doc().replace("%", "%%"))
              .build());
    }
    // A synopsis of all settings is a page long, and breaks their names; one with a required flag
    // shows that.
    spec.usageMessage().abbreviateSynopsis(spec.options().stream().noneMatch(OptionSpec::required));
  }

  /** What the command line said, before the name of a command of a command, too. */
  static ChosenSettings chosen(CommandSpec command) {
    ChosenSettings above =
        command.parent() == null
            ? new ChosenSettings(Optional.empty(), Map.of())
            : chosen(command.parent());
    CommandLine.ParseResult parsed = command.commandLine().getParseResult();
    Map<String, String> flags = new LinkedHashMap<>(above.flags());
    for (Option<?> option : SettingOptions.ALL.options()) {
      @Nullable String value = parsed.matchedOptionValue(name(option), null);
      if (value != null) {
        flags.put(option.key(), value);
      }
    }
    return new ChosenSettings(
        Optional.<Path>ofNullable(parsed.matchedOptionValue(FILE, null)).or(above::file), flags);
  }

  private static String name(Option<?> option) {
    return "--" + option.key();
  }
}
