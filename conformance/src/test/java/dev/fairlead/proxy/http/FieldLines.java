package dev.fairlead.proxy.http;

import dev.fairlead.proxy.message.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Inputs that are lines of header fields. */
final class FieldLines {

  private FieldLines() {}

  /** The fields that a codec would have let pass. */
  static Headers read(byte[] input) {
    Headers headers = new Headers();
    for (String line : new String(input, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      int colon = line.indexOf(':');
      try {
        headers.add(line.substring(0, Math.max(0, colon)), trimmed(line.substring(colon + 1)));
      } catch (IllegalArgumentException notForTheWire) {
        // No codec would have let it pass.
      }
    }
    return headers;
  }

  // RFC 9110 §5.5. Not `$`, which stands before a last line break, too, and one of those is 0x85.
  private static String trimmed(String value) {
    return value.replaceFirst("^[ \t]+", "").replaceFirst("[ \t]+\\z", "");
  }

  /** The values of a name that is written in any case. */
  static List<String> values(Headers headers, String name) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < headers.size(); i++) {
      if (headers.name(i).equalsIgnoreCase(name)) {
        values.add(headers.value(i));
      }
    }
    return values;
  }
}
