package dev.fairlead.config.load;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Turns nested YAML into dotted keys with values. */
final class YamlEntries {

  private final String prefix;
  private final Predicate<String> mayBeEmpty;
  private final Predicate<String> mayHaveDots;
  private final Problems problems;
  private final SortedMap<String, Entry> entries = new TreeMap<>();

  private YamlEntries(
      String prefix,
      Predicate<String> mayBeEmpty,
      Predicate<String> mayHaveDots,
      Problems problems) {
    this.prefix = prefix;
    this.mayBeEmpty = mayBeEmpty;
    this.mayHaveDots = mayHaveDots;
    this.problems = problems;
  }

  /**
   * The entries of a mapping by their dotted keys. A list of texts becomes one text with commas.
   *
   * @param prefix of their paths
   * @param mayBeEmpty which keys may have nothing below them
   * @param mayHaveDots which names may be written with a dot, where the part before it has a value
   *     of its own
   * @param problems gets what cannot be an entry
   */
  static SortedMap<String, Entry> flatten(
      Yaml.Mapping mapping,
      String prefix,
      Predicate<String> mayBeEmpty,
      Predicate<String> mayHaveDots,
      Problems problems) {
    YamlEntries flat = new YamlEntries(prefix, mayBeEmpty, mayHaveDots, problems);
    flat.addAll("", mapping);
    return flat.entries;
  }

  private void addAll(String parent, Yaml.Mapping mapping) {
    mapping
        .entries()
        .forEach(
            (name, value) -> {
              if (name.contains(".") && !mayHaveDots.test(name)) {
                problems.add(
                    prefix + parent + name, "a key with dots", "one level of YAML for each dot");
              } else {
                add(parent + name, value);
              }
            });
  }

  private void add(String key, Yaml value) {
    boolean empty =
        value.isNothing() || (value instanceof Yaml.Mapping(var below) && below.isEmpty());
    if (empty && mayBeEmpty.test(key)) {
      return;
    }
    if (value instanceof Yaml.Mapping mapping && !empty) {
      addAll(key + ".", mapping);
    } else if (entries.putIfAbsent(key, entry(prefix + key, value)) != null) {
      problems.add(prefix + key, value.shown(), "each key once");
    }
  }

  private static Entry entry(String path, Yaml value) {
    return switch (value) {
      case Yaml.Scalar(String text) -> Entry.of(path, text);
      case Yaml.Sequence(List<Yaml> items)
          when items.stream().allMatch(Yaml.Scalar.class::isInstance) ->
          Entry.of(path, items.stream().map(Yaml::shown).collect(Collectors.joining(",")));
      default -> new Entry(path, value.shown(), Entry.Kind.NO_TEXT);
    };
  }
}
