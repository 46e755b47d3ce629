package dev.fairlead.config.routing;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * From where an IP address can be reached, by the registries of IANA (RFC 6890). Nothing is looked
 * up.
 */
public enum AddressScope {
  /** From the whole internet. */
  GLOBAL,
  /** Inside one network or machine only, or in examples. */
  INSIDE,
  /** It is no single host's address. */
  NOBODY;

  private static final List<IpNetwork> INSIDE_IPV4 =
      networks(
          "10.0.0.0/8",
          "100.64.0.0/10", // shared by the customers of a provider
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24", // this, and two below, in examples
          "192.168.0.0/16",
          "198.18.0.0/15", // of benchmarks
          "198.51.100.0/24",
          "203.0.113.0/24");

  private static final List<IpNetwork> NOBODYS_IPV4 =
      networks("0.0.0.0/8", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4");

  /** The part of IPv6 that was given out to be routed. */
  private static final List<IpNetwork> GLOBAL_IPV6 = networks("2000::/3");

  private static final List<IpNetwork> INSIDE_IPV6 =
      networks(
          "::1/128",
          "fc00::/7",
          "fe80::/10",
          "2001::/23", // of protocols
          "2001:db8::/32", // this, and the next, in examples
          "3fff::/20",
          "2002::/16"); // made of IPv4 (6to4), which nobody relays any more

  private static List<IpNetwork> networks(String... networks) {
    return Stream.of(networks).map(text -> IpNetwork.parse(text).orElseThrow()).toList();
  }

  /** That of an address. */
  public static AddressScope of(InetAddress address) {
    if (address instanceof Inet4Address) {
      if (contains(NOBODYS_IPV4, address)) {
        return NOBODY;
      }
      return contains(INSIDE_IPV4, address) ? INSIDE : GLOBAL;
    }
    if (contains(INSIDE_IPV6, address)) {
      return INSIDE;
    }
    return contains(GLOBAL_IPV6, address) ? GLOBAL : NOBODY;
  }

  private static boolean contains(List<IpNetwork> networks, InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }
}
