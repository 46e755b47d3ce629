package dev.fairlead.acme.persist;

import dev.fairlead.config.routing.HostPattern;
import java.util.ArrayList;
import java.util.List;

/**
 * A TXT record that somebody has to set.
 *
 * @param name without a dot at its end
 * @param value visible ASCII and blanks, without quotation marks
 */
public record PersistRecord(String name, String value) {

  /** A string within a TXT record is no longer (RFC 1035 §3.3). */
  private static final int LONGEST = 255;

  /** What the record of a host is called; a wildcard's is where that of the name below it is. */
  public static String name(HostPattern host) {
    return "_validation-persist." + host.suffix();
  }

  /** As a zone file has it. */
  public String line() {
    List<String> parts = new ArrayList<>();
    for (int start = 0; start < value.length(); start += LONGEST) {
      parts.add('"' + value.substring(start, Math.min(value.length(), start + LONGEST)) + '"');
    }
    return "%s. TXT %s".formatted(name, String.join(" ", parts));
  }
}
