package dev.fairlead.config.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Options by key, in the order of the reference page. */
public final class Catalogue {

  private final Map<String, Option<?>> options;

  private Catalogue(Stream<Option<?>> options) {
    this.options =
        options.collect(
            Collectors.toMap(
                Option::key,
                Function.identity(),
                (one, other) -> {
                  throw new IllegalArgumentException(one.key() + ": twice (expected: once)");
                },
                LinkedHashMap::new));
  }

  /** A catalogue of these options; each key once. */
  public static Catalogue of(Option<?>... options) {
    return new Catalogue(Stream.of(options));
  }

  /** The options of all of these, one after the other; each key once. */
  static Catalogue joined(Catalogue... parts) {
    return new Catalogue(Stream.of(parts).flatMap(part -> part.options.values().stream()));
  }

  /** This catalogue with more options in front of the others. */
  Catalogue after(Option<?>... first) {
    return new Catalogue(Stream.concat(Stream.of(first), options.values().stream()));
  }

  /** This catalogue without some options. */
  Catalogue without(Option<?>... left) {
    return new Catalogue(options.values().stream().filter(o -> !List.of(left).contains(o)));
  }

  /** Every option, in the order of the reference page. */
  public List<Option<?>> options() {
    return List.copyOf(options.values());
  }

  /** The option with this key. */
  public Optional<Option<?>> find(String key) {
    return Optional.ofNullable(options.get(key));
  }

  /** Whether options lie below this key: {@code acme} is a section, {@code acme.email} is none. */
  public boolean isSection(String key) {
    return options.keySet().stream().anyMatch(each -> each.startsWith(key + "."));
  }

  /** Whether the key belongs to another one that has a value, too, as {@code path.strip} does. */
  public boolean isBelowAnother(String key) {
    int dot = key.lastIndexOf('.');
    return dot > 0 && options.containsKey(key) && options.containsKey(key.substring(0, dot));
  }

  /** Its keys, in few words: of a section one with a star ({@code timeout.*}). */
  public List<String> topLevel() {
    return namesBelow("").stream()
        .map(name -> options.containsKey(name) ? name : name + ".*")
        .toList();
  }

  /**
   * What may stand at one level of a YAML file.
   *
   * @param prefix empty for the top, else a section with a dot at its end
   * @return the names below it in their order: {@code email} for {@code acme.}
   */
  public List<String> namesBelow(String prefix) {
    return options.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()).replaceFirst("\\..*", ""))
        .distinct()
        .toList();
  }
}
