package dev.fairlead.proxy.testing;

import java.util.List;
import java.util.Locale;

/**
 * An HTTP/1.1 message as it was on the wire.
 *
 * @param start the request line or the status line
 * @param fields the header lines, as sent
 * @param body without chunk framing, read as UTF-8
 * @param trailers the lines behind the last chunk
 */
public record Message(String start, List<String> fields, String body, List<String> trailers) {

  /** The status of a response. */
  public int status() {
    return Integer.parseInt(start.split(" ", 3)[1]);
  }

  /** The method of a request. */
  public String method() {
    return start.split(" ", 3)[0];
  }

  /** The target of a request. */
  public String target() {
    return start.split(" ", 3)[1];
  }

  /** The values of a field, in any case of its name, in order. */
  public List<String> values(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return fields.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .toList();
  }

  /** The values of a field, joined by commas; empty when there is none. */
  public String value(String name) {
    return String.join(",", values(name));
  }

  @Override
  public String toString() {
    return start + " " + fields + " " + body;
  }
}
