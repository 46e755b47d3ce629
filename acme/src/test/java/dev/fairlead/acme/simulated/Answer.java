package dev.fairlead.acme.simulated;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/** What the CA answers. */
record Answer(int status, String type, String body, Map<String, String> fields) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Answer of(int status, ObjectNode body) {
    return new Answer(status, "application/json", body.toString(), Map.of());
  }

  /** RFC 8555 §6.7. */
  static Answer problem(int status, String type, String detail) {
    return new Answer(
        status,
        "application/problem+json",
        JSON.createObjectNode()
            .put("type", "urn:ietf:params:acme:error:" + type)
            .put("detail", detail)
            .toString(),
        Map.of());
  }

  /** Of what stands before it. */
  static Answer error(int status) {
    return new Answer(status, "text/html", "<h1>down</h1>", Map.of());
  }

  Answer with(String field, String value) {
    Map<String, String> more = new HashMap<>(fields);
    more.put(field, value);
    return new Answer(status, type, body, more);
  }
}
