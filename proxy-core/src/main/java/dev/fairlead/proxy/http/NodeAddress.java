package dev.fairlead.proxy.http;

import dev.fairlead.config.routing.IpAddress;
import java.util.Optional;

/** How proxies write the address of the one they were asked by. */
final class NodeAddress {

  private static final int MAX_DIGITS = 5;
  private static final int MAX_HIDDEN = 64;

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

  // Nothing, or digits, or a name that hides them (RFC 7239 §6.2).
  private static boolean isPort(String node, int colon) {
    int start = colon + 1;
    int length = node.length() - start;
    if (length < 0) {
      return true;
    }
    if (node.charAt(colon) != ':' || length == 0) {
      return false;
    }
    return node.charAt(start) == '_'
        ? length > 1 && length <= MAX_HIDDEN && isHidden(node, start)
        : length <= MAX_DIGITS && isDigits(node, start);
  }

  private static boolean isDigits(String node, int start) {
    return node.chars().skip(start).allMatch(NodeAddress::isDigit);
  }

  private static boolean isHidden(String node, int start) {
    return node.chars().skip(start).allMatch(NodeAddress::isOfName);
  }

  private static boolean isOfName(int c) {
    return isDigit(c)
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '.'
        || c == '_'
        || c == '-';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
