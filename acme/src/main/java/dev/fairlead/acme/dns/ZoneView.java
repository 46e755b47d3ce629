package dev.fairlead.acme.dns;

import java.util.List;
import org.xbill.DNS.Name;

/** Where a record has to appear, and whether it has. */
interface ZoneView {

  /**
   * Where a CA looks for the record of a name.
   *
   * @param name what its CNAME records lead to, or itself
   * @param zone that the name is in
   * @param servers of the zone, all their addresses; one at least
   */
  record Place(Name name, Name zone, List<NameServer> servers) {}

  /** What a server answered. */
  enum Seen {
    /** The value is there. */
    HERE,
    /** It answered, and does not have it. */
    MISSING,
    /** It gave no answer, or one that says nothing. */
    SILENT
  }

  Place place(String name) throws DnsException, InterruptedException;

  Seen look(NameServer server, Name name, String value) throws InterruptedException;
}
