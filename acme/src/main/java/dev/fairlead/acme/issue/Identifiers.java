package dev.fairlead.acme.issue;

import dev.fairlead.config.routing.HostPattern;
import java.util.List;
import java.util.Optional;
import org.shredzone.acme4j.Identifier;

/** What a host is called in orders. */
final class Identifiers {

  private Identifiers() {}

  /** Those of several hosts, in their order. */
  static List<Identifier> of(List<HostPattern> hosts) {
    return hosts.stream().map(Identifiers::of).toList();
  }

  /**
   * The host that an authorization is for (RFC 8555 §7.1.4): that of a wildcard has the name below
   * it, and says that it is one.
   */
  static Optional<HostPattern> host(Identifier identifier, boolean wildcard) {
    return HostPattern.parse((wildcard ? "*." : "") + identifier.getValue());
  }

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
