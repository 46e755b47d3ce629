package dev.fairlead.acme.issue;

import dev.fairlead.config.routing.HostPattern;
import org.shredzone.acme4j.Identifier;

/** What a host is called in orders. */
final class Identifiers {

  private Identifiers() {}

  /**
   * A name as it is (RFC 8555 §9.7.7), or an IP address in its one form (RFC 8738 §3), which
   * acme4j's own way does not give to IPv6.
   */
  static Identifier of(HostPattern host) {
    return host.isAddress()
        ? new Identifier(Identifier.TYPE_IP, host.suffix())
        : Identifier.dns(host.toString());
  }
}
