package dev.fairlead.config.load;

import dev.fairlead.config.schema.Catalogue;
import dev.fairlead.config.schema.Option;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Entries whose values were read, each by the type of its option. */
final class Values {

  private final Map<String, Entry> entries;

  /** By the key of the option: an option's own hash is that of all its parts. */
  private final Map<String, Object> read = new HashMap<>();

  /**
   * Reads all that the catalogue knows.
   *
   * @param entries by the key of the option; each is in the catalogue
   * @param problems gets what is wrong with the values
   */
  Values(Catalogue catalogue, Map<String, Entry> entries, Problems problems) {
    this.entries = Map.copyOf(entries);
    for (Option<?> option : catalogue.options()) {
      Entry entry = entries.get(option.key());
      if (entry != null) {
        read(option, entry, problems);
      }
    }
  }

  private void read(Option<?> option, Entry entry, Problems problems) {
    switch (entry.kind()) {
      case VARIABLE -> {}
      case NO_TEXT ->
          problems.add(entry.path(), entry.text(), "one value such as " + option.example());
      case TEXT, SECRET -> readText(option, entry, problems);
    }
  }

  private void readText(Option<?> option, Entry entry, Problems problems) {
    option
        .type()
        .read(entry.text())
        .either(
            value -> read.put(option.key(), value),
            wrong -> {
              boolean secret = option.secret() || entry.kind() == Entry.Kind.SECRET;
              problems.add(entry.path(), secret ? Problems.SECRET : wrong.text(), wrong.expected());
              return null;
            });
  }

  /** Whether something was written for the option, right or wrong. */
  boolean isGiven(Option<?> option) {
    return entries.containsKey(option.key());
  }

  /** Whether what was written for the option could not be read. */
  boolean isWrong(Option<?> option) {
    return isGiven(option) && !read.containsKey(option.key());
  }

  /** Where the option was written, else its key. */
  String pathOf(Option<?> option) {
    Entry entry = entries.get(option.key());
    return entry == null ? option.key() : entry.path();
  }

  /** What was written for the option, word for word; empty when nothing was. */
  String textOf(Option<?> option) {
    Entry entry = entries.get(option.key());
    return entry == null ? "" : entry.text().strip();
  }

  /** What was written, else the default; empty when there is neither, or it could not be read. */
  @SuppressWarnings("unchecked") // only what the option's own type read is kept under it
  <T> Optional<T> find(Option<T> option) {
    return isGiven(option)
        ? Optional.ofNullable((T) read.get(option.key()))
        : option.defaultValue();
  }

  /** The same for an option with a default. */
  <T> T get(Option<T> option) {
    return find(option).orElseThrow();
  }
}
