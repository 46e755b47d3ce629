package dev.fairlead.config.load;

import dev.fairlead.config.schema.Catalogue;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.SettingOptions;
import dev.fairlead.config.schema.Spelling;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where settings are written down: each source gives entries by the key of the option. */
final class SettingSources {

  private static final Catalogue CATALOGUE = SettingOptions.ALL;
  private static final String VARIABLE_PREFIX = "FAIRLEAD_";
  private static final String FROM_FILE = "_FILE";
  private static final Map<String, Option<?>> VARIABLES = variables("");
  private static final Map<String, Option<?>> FILE_VARIABLES = variables(FROM_FILE);

  private SettingSources() {}

  private static Map<String, Option<?>> variables(String suffix) {
    return CATALOGUE.options().stream()
        .collect(Collectors.toUnmodifiableMap(option -> option.variable() + suffix, o -> o));
  }

  /** The text of a file as YAML; empty after a problem. */
  static Optional<Yaml.Mapping> yaml(Path file, Problems problems) {
    try {
      return Optional.of(YamlReader.read(TextFile.read(file)));
    } catch (TextFile.Unreadable e) {
      problems.add(file.toString(), e.message(), "a readable YAML file");
    } catch (YamlException e) {
      problems.add(file.toString(), e.message(), e.expected());
    }
    return Optional.empty();
  }

  /** The settings of a file, which may have {@code services} too. */
  static Map<String, Entry> file(Yaml.Mapping file, Problems problems) {
    var settings = new LinkedHashMap<>(file.entries());
    settings.remove(ServicesFile.SERVICES);
    Map<String, Entry> entries =
        YamlEntries.flatten(
            new Yaml.Mapping(settings), "", CATALOGUE::isSection, _ -> false, problems);
    return known(entries, problems);
  }

  private static Map<String, Entry> known(Map<String, Entry> entries, Problems problems) {
    Map<String, Entry> known = new TreeMap<>();
    entries.forEach(
        (key, entry) -> {
          if (CATALOGUE.find(key).isPresent()) {
            known.put(key, entry);
          } else if (CATALOGUE.isSection(key)) {
            problems.add(entry.path(), entry.text(), "keys below it: " + below(key + "."));
          } else {
            problems.add(entry.path(), Problems.UNKNOWN, () -> suggestion(key));
          }
        });
    return known;
  }

  private static String suggestion(String key) {
    List<String> keys = CATALOGUE.options().stream().<String>map(Option::key).toList();
    String section = key.substring(0, key.lastIndexOf('.') + 1);
    return keys.stream()
        .filter(each -> section.startsWith(each + "."))
        .map(each -> "one value of " + each)
        .findFirst()
        .or(() -> Spelling.nearest(key, keys))
        .orElseGet(
            () ->
                CATALOGUE.namesBelow(section).isEmpty()
                    ? "one of " + below("")
                    : section + " and one of " + below(section));
  }

  private static String below(String prefix) {
    return String.join(", ", CATALOGUE.namesBelow(prefix));
  }

  /** The settings of flags, by key. */
  static Map<String, Entry> flags(Map<String, String> flags, Problems problems) {
    Map<String, Entry> entries = new TreeMap<>();
    flags.forEach((key, value) -> entries.put(key, Entry.of("--" + key, value)));
    return known(entries, problems);
  }

  /** The settings of the variables that begin with {@code FAIRLEAD_}. */
  static Map<String, Entry> environment(Map<String, String> environment, Problems problems) {
    Map<String, Entry> entries = new TreeMap<>();
    new TreeMap<>(environment)
        .forEach(
            (variable, value) -> {
              Option<?> option = VARIABLES.get(variable);
              Option<?> fromFile = FILE_VARIABLES.get(variable);
              if (option != null) {
                entries.put(option.key(), Entry.of(variable, value));
              } else if (fromFile != null && environment.containsKey(fromFile.variable())) {
                problems.add(variable, value, "only one of it and " + fromFile.variable());
              } else if (fromFile != null) {
                secret(variable, value, problems)
                    .ifPresent(entry -> entries.put(fromFile.key(), entry));
              } else if (variable.startsWith(VARIABLE_PREFIX)) {
                problems.add(variable, "unknown variable", () -> suggestedVariable(variable));
              }
            });
    return entries;
  }

  private static String suggestedVariable(String variable) {
    var known = variable.endsWith(FROM_FILE) ? FILE_VARIABLES : VARIABLES;
    return Spelling.nearest(variable, known.keySet()).orElse("a variable of docs/reference.md");
  }

  /** What the file that a {@code …_FILE} variable names holds; never shown. */
  private static Optional<Entry> secret(String variable, String file, Problems problems) {
    try {
      return Optional.of(new Entry(variable, TextFile.read(Path.of(file)), Entry.Kind.SECRET));
    } catch (InvalidPathException e) {
      problems.add(variable, file, "a path of a readable file");
    } catch (TextFile.Unreadable e) {
      problems.add(variable, file + " " + e.message(), "a path of a readable file");
    }
    return Optional.empty();
  }
}
