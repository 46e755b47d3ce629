package dev.fairlead.acme.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Base64;
import java.util.Optional;

/** JSON of other programs. What is wrong with it is not told: its parser shows what it met. */
final class SourceJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SourceJson() {}

  /** The object that a text is; empty when it is none. */
  static Optional<JsonNode> object(String text) {
    try {
      return Optional.of(MAPPER.readTree(text)).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** What a text of base64 stands for; empty when it is not there, or no base64. */
  static Optional<byte[]> bytes(JsonNode node) {
    try {
      return Optional.of(Base64.getDecoder().decode(node.asText()))
          .filter(bytes -> bytes.length > 0);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
