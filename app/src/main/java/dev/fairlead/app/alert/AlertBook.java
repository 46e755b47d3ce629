package dev.fairlead.app.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.config.routing.HostPattern;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What people were told: the alerts by name, and when a message was sent last. As text it is what
 * instances share.
 *
 * @param last when a message was sent, or tried to be; {@link Instant#EPOCH} before the first
 */
record AlertBook(Map<String, OpenAlert> alerts, Instant last) {

  /** Files on the storage have 256 KiB at most, and an alert some 200 bytes beside its name. */
  static final int MOST_ALERTS = 500;

  static final AlertBook EMPTY = new AlertBook(Map.of(), Instant.EPOCH);

  AlertBook {
    alerts = Map.copyOf(alerts);
  }

  boolean isEmpty() {
    return alerts.isEmpty();
  }

  /** This one where the other says nothing. */
  AlertBook under(AlertBook other) {
    Map<String, OpenAlert> both = new TreeMap<>(alerts);
    both.putAll(other.alerts);
    return new AlertBook(both, last.isAfter(other.last) ? last : other.last);
  }

  /** Reads what {@link #text} wrote; what is damaged is as good as nothing. */
  static AlertBook parse(String text) {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      Map<String, OpenAlert> alerts = new TreeMap<>();
      json.path("alerts")
          .properties()
          .forEach(
              each ->
                  name(each.getKey())
                      .flatMap(_ -> alert(each.getValue()))
                      .ifPresent(it -> alerts.put(each.getKey(), it)));
      return new AlertBook(alerts, time(json, "last").orElse(Instant.EPOCH));
    } catch (JsonProcessingException e) {
      return EMPTY;
    }
  }

  /** Names are told to people, whoever wrote them. */
  private static Optional<HostPattern> name(String text) {
    return HostPattern.parse(text).filter(host -> host.toString().equals(text));
  }

  private static Optional<OpenAlert> alert(JsonNode json) {
    Optional<Instant> since = time(json, "since");
    Optional<Instant> next = time(json, "next");
    Optional<Instant> seen = time(json, "seen");
    if (since.isEmpty() || next.isEmpty() || seen.isEmpty()) {
      return Optional.empty();
    }
    for (Trouble.Kind kind : Trouble.Kind.values()) {
      if (kind.name().equals(json.path("kind").asText())) {
        return Optional.of(
            new OpenAlert(
                kind,
                since.get(),
                Math.max(0, json.path("told").asInt()),
                next.get(),
                seen.get(),
                time(json, "solved")));
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> time(JsonNode json, String field) {
    try {
      return json.path(field).isTextual()
          ? Optional.of(Instant.parse(json.path(field).asText()))
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The same book always has the same text. */
  String text() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("last", last.toString());
    ObjectNode all = json.putObject("alerts");
    new TreeMap<>(alerts)
        .forEach(
            (name, alert) -> {
              ObjectNode one = all.putObject(name);
              one.put("kind", alert.kind().name());
              one.put("since", alert.since().toString());
              one.put("told", alert.told());
              one.put("next", alert.next().toString());
              one.put("seen", alert.seen().toString());
              alert.solved().ifPresent(solved -> one.put("solved", solved.toString()));
            });
    return json + "\n";
  }

  /** Apart, as it takes long to load and most instances have no alerts. */
  static final class Json {

    static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}
  }
}
