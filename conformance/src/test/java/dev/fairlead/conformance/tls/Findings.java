package dev.fairlead.conformance.tls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What testssl.sh says of a server. */
record Findings(List<Finding> all) {

  /** Of what is as it should be. */
  private static final Set<String> GOOD = Set.of("OK", "INFO");

  /**
   * One of its findings.
   *
   * @param id of what was looked at
   * @param severity OK, INFO, LOW, MEDIUM, HIGH or CRITICAL; WARN when it could not be looked at
   */
  record Finding(String id, String severity, String text) {}

  /** Reads its report, the flat JSON one. */
  static Findings read(Path report) throws IOException {
    List<Finding> all = new ArrayList<>();
    for (JsonNode one : new ObjectMapper().readTree(report.toFile())) {
      all.add(
          new Finding(
              one.path("id").asText(),
              one.path("severity").asText(),
              one.path("finding").asText()));
    }
    return new Findings(all);
  }

  /** Those of LOW or worse, and of what could not be looked at. */
  Findings bad() {
    return new Findings(all.stream().filter(one -> !GOOD.contains(one.severity())).toList());
  }

  /** The others than these. */
  Findings except(Set<String> ids) {
    return new Findings(all.stream().filter(one -> !ids.contains(one.id())).toList());
  }

  /** All that was looked at. */
  Set<String> ids() {
    return all.stream().map(Finding::id).collect(Collectors.toSet());
  }
}
