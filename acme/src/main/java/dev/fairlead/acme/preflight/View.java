package dev.fairlead.acme.preflight;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.acme.dns.CaaSet;
import dev.fairlead.acme.dns.DnsException;
import dev.fairlead.acme.dns.NameRecords;
import dev.fairlead.acme.persist.PersistRecord;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What DNS says of a host, as far as an order depends on it.
 *
 * @param addresses where the challenge needs them
 * @param record where the challenge is one of records what others say with its name: where it
 *     leads, or for dns-persist-01 the texts
 */
record View(List<InetAddress> addresses, Optional<CaaSet> caa, List<String> record) {

  private static final int LENGTH = 16;

  /**
   * Asks DNS.
   *
   * @throws DnsException when no server tells
   */
  static View of(NameRecords dns, Question order) throws DnsException, InterruptedException {
    String host = order.host().suffix();
    Optional<InetAddress> address = order.host().address();
    if (address.isPresent()) { // DNS has no part in it
      return new View(List.of(address.get()), Optional.empty(), List.of());
    }
    return order.needsAddress()
        ? new View(dns.addresses(host), dns.caa(host), List.of())
        : new View(List.of(), dns.caa(host), record(dns, order));
  }

  private static List<String> record(NameRecords dns, Question order)
      throws DnsException, InterruptedException {
    if (order.challenge() != Challenge.DNS_PERSIST_01) {
      return dns.alias("_acme-challenge." + order.host().suffix()).stream().toList();
    }
    return dns.texts(PersistRecord.name(order.host())).stream()
        .flatMap(view -> view.texts().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** The same for the same answers, in whatever order they came; 16 characters. */
  String fingerprint() {
    String all =
        "%s %s %s"
            .formatted(
                addresses.stream().map(InetAddress::getHostAddress).sorted().toList(),
                caa.map(View::text).orElse("-"),
                record.isEmpty() ? "-" : record);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String text(CaaSet records) {
    return records.name()
        + records.entries().stream().map(CaaSet.Entry::toString).sorted().toList();
  }
}
