package dev.fairlead.config.load;

import java.util.List;
import java.util.SequencedMap;

/** A YAML document as it was written: every scalar is still text. */
sealed interface Yaml {

  /** {@code null} and no text at all are the empty text. */
  record Scalar(String text) implements Yaml {}

  record Sequence(List<Yaml> items) implements Yaml {}

  record Mapping(SequencedMap<String, Yaml> entries) implements Yaml {}

  /** An alias of a single value: the parser tells the anchors of mappings and lists only. */
  record Alias(String name) implements Yaml {}

  /** What stands there, in words. */
  default String shown() {
    return switch (this) {
      case Scalar(String text) -> text;
      case Sequence _ -> "a list";
      case Mapping _ -> "a mapping";
      case Alias(String name) -> "*" + name;
    };
  }

  /** Whether nothing was written, as behind a key whose lines are all comments. */
  default boolean isNothing() {
    return this instanceof Scalar(String text) && text.isEmpty();
  }
}
