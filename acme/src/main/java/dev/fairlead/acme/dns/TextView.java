package dev.fairlead.acme.dns;

import java.util.List;
import java.util.Optional;

/**
 * The TXT records of a name as one server has them.
 *
 * @param server of the zone; empty for what a resolver told
 * @param texts of the records, the strings of each joined, a character for each byte
 */
public record TextView(Optional<String> server, List<String> texts) {

  public TextView {
    texts = List.copyOf(texts);
  }
}
