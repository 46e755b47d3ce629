package dev.fairlead.conformance.websocket;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What Autobahn says of one server.
 *
 * @param byCase in the order of the cases' numbers
 */
record Verdicts(Map<String, Verdict> byCase) {

  private static final String OK = "OK";
  private static final String NON_STRICT = "NON-STRICT";
  private static final String INFORMATIONAL = "INFORMATIONAL";

  /**
   * What it says of one case.
   *
   * @param behavior of the server: OK, NON-STRICT, INFORMATIONAL, FAILED and others
   * @param close how the connection was ended, in the same words
   * @param closeCode that the server sent; empty when it sent none, and in cases that the RFC
   *     leaves open, where it depends on which of two ends is faster
   */
  record Verdict(String behavior, String close, String closeCode) {

    Verdict {
      if (close.equals(INFORMATIONAL)) {
        closeCode = "";
      }
    }

    private boolean is(String word) {
      return behavior.equals(word) && (close.equals(OK) || close.equals(word));
    }
  }

  /** Reads what a report has of a server. */
  static Verdicts read(JsonNode server) {
    Map<String, Verdict> byCase = new TreeMap<>();
    server
        .properties()
        .forEach(
            one -> {
              JsonNode fields = one.getValue();
              byCase.put(
                  one.getKey(),
                  new Verdict(
                      fields.path("behavior").asText(),
                      fields.path("behaviorClose").asText(),
                      fields.path("remoteCloseCode").asText()));
            });
    return new Verdicts(byCase);
  }

  /** The cases that went as the RFC asks. */
  Set<String> ok() {
    return with(OK);
  }

  /** The cases that went well enough: the RFC asks for more. */
  Set<String> nonStrict() {
    return with(NON_STRICT);
  }

  /** The cases that the RFC leaves open. */
  Set<String> informational() {
    return with(INFORMATIONAL);
  }

  private Set<String> with(String word) {
    return byCase.entrySet().stream()
        .filter(one -> one.getValue().is(word))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public String toString() {
    return "%d/%d OK (%d non-strict %s, %d informational %s)"
        .formatted(
            ok().size(),
            byCase.size(),
            nonStrict().size(),
            nonStrict(),
            informational().size(),
            informational());
  }
}
