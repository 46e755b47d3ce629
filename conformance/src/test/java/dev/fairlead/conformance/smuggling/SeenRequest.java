package dev.fairlead.conformance.smuggling;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of an origin's log: what it took for a request.
 *
 * @param beganMicros after any moment, where the lines themselves are in another order; else 0
 * @param status that the origin answered
 * @param line the request line
 * @param host value of the Host field; empty when there was none
 * @param body null when there was none, or it was not read
 * @param fields as {@code name: value}; all of them at Node, a few at the others
 */
record SeenRequest(
    long beganMicros,
    int status,
    String line,
    String host,
    @Nullable String body,
    List<String> fields) {

  /** What an origin writes for a value that is not there. */
  private static final String NONE = "-";

  private static final int FIXED_COLUMNS = 5;

  static SeenRequest parse(String logged) {
    List<String> columns = Arrays.stream(logged.split("\t", -1)).map(Escapes::resolve).toList();
    if (columns.size() < FIXED_COLUMNS) {
      throw new IllegalArgumentException("no line of an origin's log: " + logged);
    }
    String host = columns.get(3);
    String body = columns.get(4);
    return new SeenRequest(
        began(columns.get(0)),
        Integer.parseInt(columns.get(1)),
        columns.get(2),
        host.equals(NONE) ? "" : host,
        body.equals(NONE) || body.isEmpty() ? null : body,
        columns.subList(FIXED_COLUMNS, columns.size()));
  }

  // A time in microseconds; or in seconds, and behind a minus how many seconds before.
  private static long began(String text) {
    String[] parts = text.split("-", 2);
    return parts.length == 1
        ? Long.parseLong(text)
        : new BigDecimal(parts[0])
            .subtract(new BigDecimal(parts[1]))
            .movePointRight(6)
            .longValueExact();
  }

  /** The request line without its version; the whole line when it is none. */
  String what() {
    return line.endsWith(" HTTP/1.1") ? line.substring(0, line.length() - 9) : line;
  }

  String method() {
    return line.split(" ", 2)[0];
  }

  /** The target without its query. */
  String path() {
    String[] parts = what().split(" ", 2);
    return parts.length < 2 ? "" : parts[1].split("\\?", 2)[0];
  }

  /** Whether the origin refused it at a line before it came to the host. */
  boolean isUnread() {
    return status == 400 && host.isEmpty();
  }

  /** Host without port. */
  String hostName() {
    return host.split(":", 2)[0];
  }

  /** The values of a field that the origin logs; of several, all. */
  List<String> values(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ": ";
    return fields.stream()
        .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(field -> field.substring(prefix.length()))
        .toList();
  }
}
