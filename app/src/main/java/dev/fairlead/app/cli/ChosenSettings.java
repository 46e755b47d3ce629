package dev.fairlead.app.cli;

import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.load.SettingsLoader;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.SettingOptions;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of the settings the command line says; the environment and the file say the rest.
 *
 * @param file the settings file; empty for the usual one
 * @param flags by key of the option ({@code docker.poll})
 */
record ChosenSettings(Optional<Path> file, Map<String, String> flags) {

  /** What a container mounts without further words. */
  static final Path USUAL_FILE = Path.of("/etc/fairlead/fairlead.yml");

  private static final String PREFIX = "--";

  ChosenSettings {
    flags = Map.copyOf(flags);
  }

  /**
   * Reads arguments of the one form {@code --key=value}, which is all that a container is started
   * with. The library for command lines takes longer to load than this whole program has for its
   * start, so it is asked only for what is empty here: a wish for help, other spellings, mistakes.
   */
  static Optional<ChosenSettings> plain(List<String> arguments) {
    Set<String> known =
        SettingOptions.ALL.options().stream().map(Option::key).collect(Collectors.toSet());
    Map<String, String> flags = new LinkedHashMap<>();
    for (String argument : arguments) {
      int end = argument.indexOf('=');
      String key =
          argument.startsWith(PREFIX) && end > 0 ? argument.substring(PREFIX.length(), end) : "";
      if (!known.contains(key) || flags.put(key, argument.substring(end + 1)) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(new ChosenSettings(Optional.empty(), flags));
  }

  /** The settings; or empty, and every problem was printed as a line. */
  Optional<Settings> load(PrintWriter err) {
    Optional<Path> existing = file.or(() -> Optional.of(USUAL_FILE).filter(Files::exists));
    return SettingsLoader.load(existing, System.getenv(), flags)
        .either(
            Optional::of,
            problems -> {
              problems.forEach(err::println);
              return Optional.empty();
            });
  }
}
