package dev.fairlead.proxy.http;

import dev.fairlead.config.routing.IpAddress;
import java.util.Locale;

/**
 * Host and port of a request (RFC 3986 §3.2), without user information.
 *
 * @param text as it was sent, in lower case, without the dot at the end of a complete name; an IPv6
 *     address in its one form (RFC 5952)
 * @param host the same without port; an IPv6 address keeps its brackets
 */
record Authority(String text, String host) {

  private static final int MAX_LENGTH = 255 + 6;
  private static final int MAX_PORT = 65_535;

  /**
   * @throws RejectedRequest when the text is no host with an optional port
   */
  static Authority parse(String sent) throws RejectedRequest {
    if (sent.isEmpty() || sent.length() > MAX_LENGTH) {
      throw refused();
    }
    String text = sent.toLowerCase(Locale.ROOT);
    if (text.charAt(0) == '[') {
      return literal(text);
    }
    int end = endOfName(text);
    checkPort(text, end);
    if (text.charAt(end - 1) == '.') {
      String host = text.substring(0, end - 1);
      return new Authority(host + text.substring(end), host);
    }
    return new Authority(text, text.substring(0, end));
  }

  // Nothing is looked up: the text has a colon, so it is an address or malformed.
  private static Authority literal(String text) throws RejectedRequest {
    int end = text.indexOf(']') + 1;
    String address = end == 0 ? "" : text.substring(1, end - 1);
    if (address.indexOf(':') < 0) {
      throw refused();
    }
    String normal = IpAddress.normal(address).orElseThrow(Authority::refused);
    checkPort(text, end);
    if (normal.equals(address) || normal.indexOf(':') < 0) {
      return new Authority(text, text.substring(0, end)); // IPv4 mapped into IPv6 stays what it is
    }
    String host = "[" + normal + "]";
    return new Authority(host + text.substring(end), host);
  }

  private static int endOfName(String text) throws RejectedRequest {
    int end = 0;
    boolean label = false;
    while (end < text.length() && isNameCharacter(text.charAt(end))) {
      boolean dot = text.charAt(end) == '.';
      if (dot && !label) {
        // Of two dots at the end one would be taken away here, and the other by who comes next.
        throw refused();
      }
      label = !dot;
      end++;
    }
    if (end == 0) {
      throw refused();
    }
    return end;
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  }

  // In its usual spelling, since it is passed on as it is.
  private static void checkPort(String text, int colon) throws RejectedRequest {
    if (colon == text.length()) {
      return;
    }
    int digits = text.length() - colon - 1;
    if (text.charAt(colon) != ':' || digits < 1 || digits > 5 || text.charAt(colon + 1) == '0') {
      throw refused();
    }
    int port = 0;
    for (int i = colon + 1; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw refused();
      }
      port = port * 10 + digit;
    }
    if (port > MAX_PORT) {
      throw refused();
    }
  }

  private static RejectedRequest refused() {
    return new RejectedRequest(Failure.BAD_REQUEST, "host is missing or malformed");
  }
}
