package dev.fairlead.discovery.swarm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Walks through a JSON text once, and keeps only what is asked for. A field that is {@code null} is
 * as good as missing: so does Go spell what is empty. For one thread.
 */
final class JsonReader {

  /** Called for each field of an object, in any order; reads its value, or skips it. */
  @FunctionalInterface
  interface Field {
    void read(String name) throws IOException;
  }

  /** Called for each item of a list that is not null; reads it whole. */
  @FunctionalInterface
  interface Item {
    void read() throws IOException;
  }

  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonParser in;

  private JsonReader(JsonParser in) {
    this.in = in;
  }

  /**
   * Reads a text that is one list.
   *
   * @throws IOException when it is something else, or what {@code item} throws
   */
  static void list(InputStream json, Function<JsonReader, Item> item) throws IOException {
    try (JsonParser in = FACTORY.createParser(json)) {
      JsonReader reader = new JsonReader(in);
      if (in.nextToken() == null) {
        throw new IOException("nothing (expected: a list)");
      }
      reader.list(item.apply(reader));
      if (in.nextToken() != null) {
        throw new IOException("more than one list");
      }
    }
  }

  /** Reads the list that comes here. */
  void list(Item item) throws IOException {
    if (isNull(JsonToken.START_ARRAY)) {
      return;
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.VALUE_NULL) {
        item.read();
      }
    }
  }

  /** Reads the object that comes here. */
  void object(Field field) throws IOException {
    if (isNull(JsonToken.START_OBJECT)) {
      return;
    }
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      field.read(name);
    }
  }

  /** The text that comes here; empty for null. */
  String text() throws IOException {
    return isNull(JsonToken.VALUE_STRING) ? "" : in.getText();
  }

  /** The truth value that comes here; false for null. */
  boolean truth() throws IOException {
    if (in.currentToken() == JsonToken.VALUE_FALSE) {
      return false;
    }
    return !isNull(JsonToken.VALUE_TRUE);
  }

  /** An object of texts. */
  Map<String, String> texts() throws IOException {
    Map<String, String> texts = new HashMap<>();
    object(name -> texts.put(name, text()));
    return texts;
  }

  /** Passes over what comes here. */
  void skip() throws IOException {
    in.skipChildren();
  }

  private boolean isNull(JsonToken expected) throws IOException {
    JsonToken here = in.currentToken();
    if (here != expected && here != JsonToken.VALUE_NULL) {
      throw new IOException(
          "%s at byte %d (expected: %s)"
              .formatted(here, in.currentTokenLocation().getByteOffset(), expected));
    }
    return here == JsonToken.VALUE_NULL;
  }
}
