package dev.fairlead.acme.dns;

import java.net.InetSocketAddress;
import org.xbill.DNS.Name;

/** One address of a server of a zone. */
record NameServer(Name name, InetSocketAddress address) {

  @Override
  public String toString() {
    return "%s (%s)".formatted(name.toString(true), Lookups.text(address));
  }
}
