package dev.fairlead.acme.dns;

import dev.fairlead.config.bootstrap.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.config.ResolvConfResolverConfigProvider;

/** Asks DNS servers: one that resolves, and those of a zone. Thread-safe; blocks its caller. */
final class Lookups implements ZoneView, Aliases {

  private static final int DNS_PORT = 53;
  private static final int MOST_ALIASES = 8;
  private static final int MOST_SERVERS = 26;

  private final Optional<ServerAddress> resolver;
  private final DnsNetwork network;

  /**
   * @param resolver empty for those of the system
   */
  Lookups(Optional<ServerAddress> resolver, DnsNetwork network) {
    this.resolver = resolver;
    this.network = network;
  }

  static Name name(String text) throws DnsException {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new DnsException("%s is no name for DNS: %s".formatted(text, Said.line(e)), e);
    }
  }

  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  @Override
  public Place place(String text) throws DnsException, InterruptedException {
    Name name = delegated(name(text));
    Name zone = zone(name);
    return new Place(name, zone, servers(zone));
  }

  @Override
  public Name delegated(Name name) throws DnsException, InterruptedException {
    Name now = name;
    for (int aliases = 0; aliases < MOST_ALIASES; aliases++) {
      Optional<Name> next = alias(now);
      if (next.isEmpty() || (aliases == 0 && next.equals(alias(neighbour(name))))) {
        return now;
      }
      now = next.get();
    }
    throw new DnsException(
        "the CNAME records of %s lead on and on (expected: at most %d)"
            .formatted(name.toString(true), MOST_ALIASES));
  }

  Optional<Name> alias(Name name) throws DnsException, InterruptedException {
    return resolve(name, Type.CNAME).getSection(Section.ANSWER).stream()
        .filter(record -> record instanceof CNAMERecord && record.getName().equals(name))
        .map(record -> ((CNAMERecord) record).getTarget())
        .findFirst();
  }

  /** A name that has a CNAME only by a wildcard, which a record of its own overrides (RFC 4592). */
  private static Name neighbour(Name name) throws DnsException {
    return name("_no-such-name." + new Name(name, 1));
  }

  private Name zone(Name name) throws DnsException, InterruptedException {
    for (Name now = name; now.labels() > 1; now = new Name(now, 1)) {
      Optional<Name> zone = zone(name, resolve(now, Type.SOA));
      if (zone.isPresent()) {
        return zone.get();
      }
    }
    throw new DnsException(
        "no zone of %s was found (expected: acme.dns.resolver names a server that knows it)"
            .formatted(name.toString(true)));
  }

  /** The zone that an answer names: beside the record itself, or where there is none (RFC 2308). */
  static Optional<Name> zone(Name name, Message answer) {
    List<Record> records = new ArrayList<>(answer.getSection(Section.ANSWER));
    records.addAll(answer.getSection(Section.AUTHORITY));
    return records.stream()
        .filter(record -> record instanceof SOARecord && name.subdomain(record.getName()))
        .map(Record::getName)
        .findFirst();
  }

  /** Those whose address can be told: a CA finds no others. */
  private List<NameServer> servers(Name zone) throws DnsException, InterruptedException {
    List<NameServer> servers = new ArrayList<>();
    DnsException problem =
        new DnsException(
            "no address of a server of the zone %s is known (expected: NS records that lead to some)"
                .formatted(zone.toString(true)));
    for (Name server : names(zone)) {
      for (int type : new int[] {Type.A, Type.AAAA}) {
        try {
          for (InetAddress address : addresses(server, type)) {
            servers.add(new NameServer(server, new InetSocketAddress(address, network.port())));
          }
        } catch (DnsException e) {
          problem = e;
        }
      }
    }
    if (servers.isEmpty()) {
      throw problem;
    }
    return servers.subList(0, Math.min(servers.size(), MOST_SERVERS));
  }

  private List<Name> names(Name zone) throws DnsException, InterruptedException {
    return resolve(zone, Type.NS).getSection(Section.ANSWER).stream()
        .filter(NSRecord.class::isInstance)
        .map(record -> ((NSRecord) record).getTarget())
        .limit(MOST_SERVERS)
        .toList();
  }

  List<InetAddress> addresses(Name server, int type) throws DnsException, InterruptedException {
    List<InetAddress> addresses = new ArrayList<>();
    for (Record record : resolve(server, type).getSection(Section.ANSWER)) {
      switch (record) {
        case ARecord a -> addresses.add(a.getAddress());
        case AAAARecord aaaa -> addresses.add(aaaa.getAddress());
        default -> {}
      }
    }
    return addresses;
  }

  @Override
  public Seen look(NameServer server, Name name, String value) throws InterruptedException {
    try {
      Message answer = ask(server.address(), name, Type.TXT, false);
      if (!knows(answer)) {
        return Seen.SILENT; // it does not serve the zone: a CA asks the next one, too
      }
      boolean here =
          answer.getSection(Section.ANSWER).stream()
              .anyMatch(record -> record instanceof TXTRecord txt && text(txt).equals(value));
      return here ? Seen.HERE : Seen.MISSING;
    } catch (IOException e) {
      return Seen.SILENT;
    }
  }

  private static String text(TXTRecord record) {
    return String.join("", record.getStrings());
  }

  Message resolve(Name name, int type) throws DnsException, InterruptedException {
    String last = "there is none";
    for (InetSocketAddress server : resolvers()) {
      try {
        Message answer = ask(server, name, type, true);
        if (knows(answer)) {
          return answer;
        }
        last = "%s answers %s".formatted(text(server), Rcode.string(answer.getRcode()));
      } catch (IOException e) {
        last = "%s: %s".formatted(text(server), Said.line(e));
      }
    }
    throw new DnsException(
        "no DNS server tells the %s records of %s: %s (expected: acme.dns.resolver names one that"
                .formatted(Type.string(type), name.toString(true), last)
            + " does)");
  }

  /** Whether it tells what there is, or that there is nothing. */
  static boolean knows(Message answer) {
    return answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN;
  }

  private List<InetSocketAddress> resolvers() throws DnsException {
    return resolver.isPresent() ? addresses("acme.dns.resolver", resolver.get()) : ofTheSystem();
  }

  /** As the system has them now; where its file names none, that is this machine. */
  private static List<InetSocketAddress> ofTheSystem() {
    ResolvConfResolverConfigProvider file = new ResolvConfResolverConfigProvider();
    file.initialize();
    return file.servers().isEmpty()
        ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), DNS_PORT))
        : file.servers();
  }

  /** Where a server of the settings is. */
  static List<InetSocketAddress> addresses(String setting, ServerAddress server)
      throws DnsException {
    try {
      List<InetSocketAddress> addresses = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(server.host())) {
        addresses.add(new InetSocketAddress(address, server.port()));
      }
      return addresses;
    } catch (UnknownHostException e) {
      throw new DnsException(
          "%s: %s (expected: a name that has an address)".formatted(setting, server), e);
    }
  }

  /** Asks one server, by UDP and then by TCP. */
  Message ask(InetSocketAddress server, Name name, int type, boolean recursively)
      throws IOException, InterruptedException {
    Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
    if (!recursively) {
      query.getHeader().unsetFlag(Flags.RD);
    }
    SimpleResolver connection = connection(server);
    try {
      connection.setTimeout(network.udpLimit());
      return send(connection, query);
    } catch (IOException e) {
      connection.setTCP(true);
      connection.setTimeout(network.tcpLimit());
      return send(connection, query);
    }
  }

  /** A way to one server, used by one thread. */
  SimpleResolver connection(InetSocketAddress server) {
    SimpleResolver connection = new SimpleResolver(server);
    connection.setIoClientFactory(BlockingIo.INSTANCE);
    connection.setTimeout(network.tcpLimit());
    return connection;
  }

  static Message send(SimpleResolver connection, Message query)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("before " + query.getHeader().getID());
    }
    try {
      return connection.sendAsync(query, Runnable::run).toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw cause(e.getCause());
    }
  }

  private static IOException cause(@Nullable Throwable cause) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("while a DNS server was asked");
    }
    return cause instanceof IOException known ? known : new IOException(cause);
  }
}
