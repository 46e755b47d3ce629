package dev.fairlead.acme.dns;

import dev.fairlead.config.bootstrap.ServerAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What DNS says of a host before an order. Thread-safe; blocks its callers for seconds at most. */
public final class NameRecords {

  private static final int CRITICAL = 128;
  private static final int MOST_ENTRIES = 100;

  private final Lookups lookups;

  /**
   * @param resolver empty for those of the system
   */
  public NameRecords(Optional<ServerAddress> resolver, DnsNetwork network) {
    this.lookups = new Lookups(resolver, network);
  }

  /**
   * The addresses of a host, IPv4 first; empty when there is none.
   *
   * @throws DnsException when no server tells
   */
  public List<InetAddress> addresses(String host) throws DnsException, InterruptedException {
    Name name = Lookups.name(host);
    List<InetAddress> addresses = new ArrayList<>(lookups.addresses(name, Type.A));
    addresses.addAll(lookups.addresses(name, Type.AAAA));
    return addresses;
  }

  /**
   * Which CAs may issue for a host; empty when all of them may.
   *
   * @throws DnsException when no server tells
   */
  public Optional<CaaSet> caa(String host) throws DnsException, InterruptedException {
    for (Name name = Lookups.name(host); name.labels() > 1; name = new Name(name, 1)) {
      List<CaaSet.Entry> entries =
          lookups.resolve(name, Type.CAA).getSection(Section.ANSWER).stream()
              .filter(CAARecord.class::isInstance)
              .map(record -> entry((CAARecord) record))
              .limit(MOST_ENTRIES)
              .toList();
      if (!entries.isEmpty()) {
        return Optional.of(new CaaSet(name.toString(true), entries));
      }
    }
    return Optional.empty();
  }

  /**
   * The TXT records of a name, as each server of its zone that answers has them, or the resolver;
   * one view at least.
   *
   * @throws DnsException when no server tells
   */
  public List<TextView> texts(String name) throws DnsException, InterruptedException {
    return new TextLookups(lookups).look(name);
  }

  /**
   * Where a name leads by a CNAME of its own; empty when it has none.
   *
   * @throws DnsException when no server tells
   */
  public Optional<String> alias(String name) throws DnsException, InterruptedException {
    return lookups.alias(Lookups.name(name)).map(target -> target.toString(true));
  }

  private static CaaSet.Entry entry(CAARecord record) {
    return new CaaSet.Entry(
        (record.getFlags() & CRITICAL) != 0,
        record.getTag().toLowerCase(Locale.ROOT),
        Said.line(record.getValue()));
  }
}
