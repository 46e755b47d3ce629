package dev.fairlead.acme.store;

import dev.fairlead.config.routing.HostPattern;
import java.net.URI;

/**
 * What the copy has a place for: the certificate of a name, of one CA.
 *
 * @param directory of the CA
 */
public record CopiedName(HostPattern host, URI directory) {

  /** For people. */
  String what() {
    return "copy of %s, of %s".formatted(host, FileNames.of(directory));
  }
}
