package dev.fairlead.acme.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The file in a name's folder that says whether it is wanted. On the storage's threads only. */
final class WantedNotes {

  private static final String FILE = "wanted.json";

  private WantedNotes() {}

  /** That of a name's folder; empty where there is none, or it is not understood. */
  static Optional<WantedNote> read(Storage storage, Path folder) throws IOException {
    return storage.files().read(folder.resolve(FILE)).flatMap(WantedNotes::parse);
  }

  static void write(Storage storage, Path folder, WantedNote note, IoTurn turn) throws IOException {
    ObjectNode json = Json.MAPPER.createObjectNode();
    note.wanted().ifPresent(last -> json.put("wanted", last.toString()));
    json.put("unwantedSeconds", note.unwanted().toSeconds()).put("seen", note.seen().toString());
    storage.files().write(folder.resolve(FILE), json.toPrettyString() + "\n", turn);
  }

  /** What is not understood begins anew. */
  private static Optional<WantedNote> parse(String text) {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      Optional<Instant> wanted =
          json.has("wanted")
              ? Optional.of(Instant.parse(json.path("wanted").asText()))
              : Optional.empty();
      return Optional.of(
          new WantedNote(
              wanted,
              Duration.ofSeconds(Math.max(0, json.path("unwantedSeconds").asLong())),
              Instant.parse(json.path("seen").asText())));
    } catch (JsonProcessingException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
