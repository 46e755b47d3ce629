package dev.fairlead.acme.dns;

import dev.fairlead.config.bootstrap.DnsSettings.KeyAlgorithm;
import dev.fairlead.config.bootstrap.DnsSettings.Rfc2136;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** Signed dynamic updates (RFC 2136, RFC 8945), by TCP. */
final class Rfc2136Provider implements DnsProvider {

  private static final long TTL_SECONDS = 60;

  private final Rfc2136 settings;
  private final Lookups lookups;

  Rfc2136Provider(Rfc2136 settings, Lookups lookups) {
    this.settings = settings;
    this.lookups = lookups;
  }

  @Override
  public void present(TxtRecord record) throws DnsException, InterruptedException {
    Name name = lookups.delegated(Lookups.name(record.name()));
    update(name, (update, txt) -> update.add(txt), record);
  }

  /** That record alone: others of the same name belong to other orders (RFC 2136 §2.5.4). */
  @Override
  public void cleanup(TxtRecord record) throws DnsException, InterruptedException {
    Name name = lookups.delegated(Lookups.name(record.name()));
    update(name, (update, txt) -> update.delete(txt), record);
  }

  @Override
  public String whenUnseen(TxtRecord record) {
    return "these servers take over the zone from %s soon (NOTIFY), or a longer acme.dns.wait"
        .formatted(settings.server());
  }

  private void update(Name name, Change change, TxtRecord record)
      throws DnsException, InterruptedException {
    DnsException last = null;
    for (InetSocketAddress server : Lookups.addresses("acme.dns.server", settings.server())) {
      try {
        update(server, name, change, record);
        return;
      } catch (IOException e) {
        last =
            new DnsException(
                "the DNS server %s cannot be reached: %s (expected: acme.dns.server takes updates"
                        .formatted(Lookups.text(server), Said.line(e))
                    + " by TCP)",
                e);
      }
    }
    throw last == null ? new DnsException("acme.dns.server: it has no address") : last;
  }

  private void update(InetSocketAddress server, Name name, Change change, TxtRecord record)
      throws DnsException, IOException, InterruptedException {
    Name zone = zone(server, name);
    Update update = new Update(zone);
    change.apply(update, new TXTRecord(name, DClass.IN, TTL_SECONDS, record.value()));
    SimpleResolver connection = lookups.connection(server);
    connection.setTCP(true);
    connection.setTSIGKey(key());
    Message answer = Lookups.send(connection, update);
    if (answer.getRcode() != Rcode.NOERROR) {
      throw new DnsException(
          "the DNS server %s answers %s to an update of %s in the zone %s%s"
              .formatted(
                  Lookups.text(server),
                  UpdateAnswer.word(answer),
                  name.toString(true),
                  zone.toString(true),
                  UpdateAnswer.hint(answer, settings.keyName())));
    }
    if (!answer.isVerified()) {
      throw new DnsException(
          "the answer of the DNS server %s is not signed with the key %s (expected: the same"
                  .formatted(Lookups.text(server), settings.keyName())
              + " acme.dns.secret there, and nobody in between)");
    }
  }

  private Name zone(InetSocketAddress server, Name name)
      throws DnsException, IOException, InterruptedException {
    Optional<Name> zone =
        settings.zone().isPresent()
            ? Optional.of(Lookups.name(settings.zone().get()))
            : zoneAt(server, name);
    return zone.filter(name::subdomain)
        .orElseThrow(
            () ->
                new DnsException(
                    zone.isPresent()
                        ? "%s is not in the zone %s (expected: another acme.dns.zone, or none)"
                            .formatted(name.toString(true), zone.get().toString(true))
                        : "the DNS server %s has no zone of %s (expected: acme.dns.server is the"
                                .formatted(Lookups.text(server), name.toString(true))
                            + " primary of its zone)"));
  }

  private Optional<Name> zoneAt(InetSocketAddress server, Name name)
      throws IOException, InterruptedException {
    for (Name now = name; now.labels() > 1; now = new Name(now, 1)) {
      Message answer = lookups.ask(server, now, Type.SOA, false);
      Optional<Name> zone = Lookups.zone(name, answer);
      if (answer.getHeader().getFlag(Flags.AA) && zone.isPresent()) {
        return zone;
      }
    }
    return Optional.empty();
  }

  private TSIG key() throws DnsException {
    Name algorithm =
        settings.algorithm() == KeyAlgorithm.HMAC_SHA512 ? TSIG.HMAC_SHA512 : TSIG.HMAC_SHA256;
    return new TSIG(
        algorithm, Lookups.name(settings.keyName()), Base64.getDecoder().decode(settings.secret()));
  }

  @FunctionalInterface
  private interface Change {
    void apply(Update update, TXTRecord record);
  }
}
