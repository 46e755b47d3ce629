package dev.fairlead.proxy.http;

import dev.fairlead.config.routing.IpAddress;
import java.util.Optional;

/** How proxies write the address of the one they were asked by. */
final class NodeAddress {

  private static final int MAX_PORT = 64;

  private NodeAddress() {}

  /**
   * The address in digits, without the port that some write behind it.
   *
   * @param node of {@code X-Forwarded-For}, or of {@code for} in RFC 7239 §6; IPv6 with or without
   *     brackets
   * @return empty when it is not told ({@code unknown}, {@code _hidden}), or not an address
   */
  static Optional<String> parse(String node) {
    if (node.startsWith("[")) {
      int bracket = node.indexOf(']');
      return bracket > 0 && isPort(node, bracket + 1)
          ? IpAddress.normal(node.substring(1, bracket))
          : Optional.empty();
    }
    int colon = node.indexOf(':');
    if (colon < 0 || colon != node.lastIndexOf(':')) {
      return IpAddress.normal(node);
    }
    return isPort(node, colon) ? IpAddress.normal(node.substring(0, colon)) : Optional.empty();
  }

  // Digits, or a name that hides them (RFC 7239 §6.2).
  private static boolean isPort(String node, int colon) {
    int length = node.length() - colon - 1;
    if (length < 0) {
      return true;
    }
    if (node.charAt(colon) != ':' || length == 0 || length > MAX_PORT) {
      return false;
    }
    boolean hidden = node.charAt(colon + 1) == '_';
    for (int i = colon + 1; i < node.length(); i++) {
      char c = node.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!(digit || (hidden && (letter || c == '.' || c == '_' || c == '-')))) {
        return false;
      }
    }
    return true;
  }
}
