package dev.fairlead.acme.preflight;

import dev.fairlead.config.routing.IpAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;

/** What can be said of addresses without asking anybody. Pure functions. */
final class AddressRules {

  private AddressRules() {}

  /** Whether an address is reached inside a network only (RFC 6890). */
  static boolean isInside(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || switch (address) {
          // Shared by the customers of a provider (RFC 6598).
          case Inet4Address four -> isShared(four.getAddress());
          // Unique local (RFC 4193).
          case Inet6Address six -> (six.getAddress()[0] & 0xfe) == 0xfc;
          default -> false;
        };
  }

  /** Whether both are reached in the same way: of one family, and both inside or both not. */
  static boolean areAlike(InetAddress one, InetAddress other) {
    return one.getAddress().length == other.getAddress().length && isInside(one) == isInside(other);
  }

  private static boolean isShared(byte[] address) {
    return address[0] == 100 && (address[1] & 0xc0) == 64;
  }

  static String text(List<InetAddress> addresses) {
    return addresses.stream().map(AddressRules::text).distinct().collect(Collectors.joining(", "));
  }

  /** As people and {@code dig} write it. */
  static String text(InetAddress address) {
    String digits = address.getHostAddress();
    return IpAddress.normal(digits).orElse(digits);
  }
}
