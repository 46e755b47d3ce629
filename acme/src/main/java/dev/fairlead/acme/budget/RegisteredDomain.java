package dev.fairlead.acme.budget;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.IpNetwork;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * What a CA counts certificates by. Of a name the part that somebody registered, one label more
 * than the longest public suffix (https://publicsuffix.org/list/); of IP addresses an IPv4 address,
 * or the 64 bits that all addresses of an IPv6 network begin with.
 */
final class RegisteredDomain {

  private static final int IPV6_BITS = 64;

  private final PublicSuffixes suffixes;

  RegisteredDomain(PublicSuffixes suffixes) {
    this.suffixes = suffixes;
  }

  /** That of a host; of IPv6 {@code 2001:db8::/64}. */
  String of(HostPattern host) {
    return host.address()
        .map(address -> address instanceof Inet6Address ? network(address) : host.suffix())
        .orElseGet(() -> of(host.suffix()));
  }

  private static String network(InetAddress address) {
    byte[] first = Arrays.copyOf(Arrays.copyOf(address.getAddress(), IPV6_BITS / 8), 16);
    try {
      return new IpNetwork(InetAddress.getByAddress(first), IPV6_BITS).toString();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }

  /**
   * The registered domain of a name. Where no rule is known it is the last two labels: names are
   * then counted together that a CA may count apart, never the other way round.
   */
  String of(String host) {
    List<String> labels = Arrays.asList(host.split("\\.", -1));
    int length = suffixLength(labels) + 1;
    return String.join(".", labels.subList(Math.max(0, labels.size() - length), labels.size()));
  }

  private int suffixLength(List<String> labels) {
    PublicSuffixes.Rules rules = suffixes.rules(labels.getLast());
    int longest = 1;
    for (int length = 1; length <= labels.size(); length++) {
      List<String> end = labels.subList(labels.size() - length, labels.size());
      String name = String.join(".", end);
      if (rules.contains("!" + name)) {
        return length - 1;
      }
      String any = "*." + String.join(".", end.subList(1, end.size()));
      if (rules.contains(name) || (length > 1 && rules.contains(any))) {
        longest = length;
      }
    }
    return longest;
  }
}
