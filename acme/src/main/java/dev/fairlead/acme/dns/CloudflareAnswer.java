package dev.fairlead.acme.dns;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The envelope of all of Cloudflare's answers.
 *
 * @param success whether it did what it was asked for
 * @param problems why not
 * @param results what there is
 */
record CloudflareAnswer(boolean success, List<Problem> problems, List<Item> results) {

  /** An error with Cloudflare's own number. */
  record Problem(int code, String message) {}

  /**
   * A zone or a record.
   *
   * @param content of a record; empty of a zone
   */
  record Item(String id, String content) {}

  static CloudflareAnswer parse(String text) throws IOException {
    boolean success = false;
    List<Problem> problems = List.of();
    List<Item> results = List.of();
    try (JsonParser json = JsonText.parser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "success" -> success = json.currentToken() == JsonToken.VALUE_TRUE;
          case "errors" -> problems = list(json, CloudflareAnswer::problem);
          case "result" -> results = list(json, CloudflareAnswer::item);
          default -> json.skipChildren();
        }
      }
      if (json.currentToken() != JsonToken.END_OBJECT) {
        throw new IOException("it breaks off");
      }
    }
    return new CloudflareAnswer(success, problems, results);
  }

  boolean has(int code) {
    return problems.stream().anyMatch(problem -> problem.code() == code);
  }

  /** The errors as part of a sentence. */
  Optional<String> said() {
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(
            problems.stream()
                .map(problem -> "%s [%d]".formatted(problem.message(), problem.code()))
                .collect(Collectors.joining(", ")));
  }

  /** One object, those of an array, or none. */
  private static <T> List<T> list(JsonParser json, Reader<T> reader) throws IOException {
    List<T> items = new ArrayList<>();
    if (json.currentToken() == JsonToken.START_OBJECT) {
      items.add(reader.read(json));
    } else if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() == JsonToken.START_OBJECT) {
        items.add(reader.read(json));
      }
    }
    return items;
  }

  private static Problem problem(JsonParser json) throws IOException {
    int code = 0;
    String message = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "code" -> code = json.getValueAsInt();
        case "message" -> message = text(json.getValueAsString());
        default -> json.skipChildren();
      }
    }
    return new Problem(code, message);
  }

  private static Item item(JsonParser json) throws IOException {
    String id = "";
    String content = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "id" -> id = text(json.getValueAsString());
        case "content" -> content = text(json.getValueAsString());
        default -> json.skipChildren();
      }
    }
    return new Item(id, content);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(JsonParser json) throws IOException;
  }
}
