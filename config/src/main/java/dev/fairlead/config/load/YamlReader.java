package dev.fairlead.config.load;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Reads one YAML document strictly and without guessing types: {@code 010}, {@code off} and {@code
 * 1.10} stay what was written. Aliases of mappings and lists and merge keys work; what they expand
 * to is bounded.
 */
final class YamlReader {

  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 50;
  private static final int MAX_NODES = 100_000;
  private static final String MERGE = "<<";

  private static final YAMLFactory FACTORY =
      YAMLFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private record Anchored(Yaml value, int nodes) {}

  private final YAMLParser parser;
  private final Map<Object, Anchored> anchors = new HashMap<>();
  private int nodes;

  private YamlReader(YAMLParser parser) {
    this.parser = parser;
  }

  /**
   * Reads a mapping.
   *
   * @param text one document; without any the mapping is empty
   */
  static Yaml.Mapping read(String text) throws YamlException {
    if (text.length() > MAX_CHARACTERS) {
      throw new YamlException(
          text.length() + " characters", "at most " + MAX_CHARACTERS + " characters");
    }
    try (YAMLParser parser = FACTORY.createParser(text)) {
      return new YamlReader(parser).document();
    } catch (JsonProcessingException e) {
      throw YamlException.of(e);
    } catch (IOException e) {
      throw new IllegalStateException("a text cannot fail to be read", e);
    }
  }

  private Yaml.Mapping document() throws IOException, YamlException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return new Yaml.Mapping(new LinkedHashMap<>());
    }
    Yaml document = value(first);
    if (parser.nextToken() != null) {
      throw wrong("a second document", "one document");
    }
    return switch (document) {
      case Yaml.Mapping mapping -> mapping;
      case Yaml other when other.isNothing() -> new Yaml.Mapping(new LinkedHashMap<>());
      case Yaml other -> throw new YamlException(other.shown(), "keys with values");
    };
  }

  private Yaml value(JsonToken token) throws IOException, YamlException {
    if (parser.isCurrentAlias()) {
      return alias(parser.getText());
    }
    Object anchor = parser.getObjectId();
    int before = nodes;
    count(1);
    Yaml value =
        switch (token) {
          case START_OBJECT -> mapping();
          case START_ARRAY -> sequence();
          case VALUE_NULL -> new Yaml.Scalar("");
          default -> new Yaml.Scalar(parser.getText());
        };
    if (anchor != null) {
      anchors.put(anchor, new Anchored(value, nodes - before));
    }
    return value;
  }

  private Yaml alias(String name) throws YamlException {
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      count(1);
      return new Yaml.Alias(name);
    }
    count(anchored.nodes);
    return anchored.value;
  }

  private Yaml sequence() throws IOException, YamlException {
    List<Yaml> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(value(token));
    }
    return new Yaml.Sequence(items);
  }

  private Yaml mapping() throws IOException, YamlException {
    SequencedMap<String, Yaml> entries = new LinkedHashMap<>();
    List<Yaml.Mapping> merged = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.getText();
      Yaml value = value(parser.nextToken());
      if (key.equals(MERGE)) {
        merged.addAll(mergeable(value));
      } else {
        entries.put(key, value);
      }
    }
    // What stands in the mapping itself wins, then the first that was merged.
    merged.forEach(more -> more.entries().forEach(entries::putIfAbsent));
    return new Yaml.Mapping(entries);
  }

  private List<Yaml.Mapping> mergeable(Yaml value) throws YamlException {
    List<Yaml> candidates =
        value instanceof Yaml.Sequence(List<Yaml> items) ? items : List.of(value);
    List<Yaml.Mapping> mappings = new ArrayList<>();
    for (Yaml candidate : candidates) {
      if (!(candidate instanceof Yaml.Mapping mapping)) {
        throw wrong(MERGE + ": " + candidate.shown(), "an alias of a mapping");
      }
      mappings.add(mapping);
    }
    return mappings;
  }

  private void count(int more) throws YamlException {
    nodes += more;
    if (nodes > MAX_NODES) {
      throw wrong("too many values, aliases counted", "at most " + MAX_NODES);
    }
  }

  private YamlException wrong(String value, String expected) {
    JsonLocation location = parser.currentTokenLocation();
    return new YamlException(
        "line %d, column %d: %s".formatted(location.getLineNr(), location.getColumnNr(), value),
        expected);
  }
}
