package dev.fairlead.acme.dns;

import org.xbill.DNS.Name;

/** Where the records of a name really are. */
@FunctionalInterface
interface Aliases {

  /** What the CNAME records of a name lead to; the name itself when it has none. */
  Name delegated(Name name) throws DnsException, InterruptedException;
}
