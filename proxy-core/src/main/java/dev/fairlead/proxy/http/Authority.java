package dev.fairlead.proxy.http;

import java.util.Locale;

/**
 * Host and port of a request (RFC 3986 §3.2), without user information.
 *
 * @param text as it was sent, in lower case
 * @param host without port and without the dot at the end of a complete name; an IPv6 address keeps
 *     its brackets
 */
record Authority(String text, String host) {

  private static final int MAX_LENGTH = 255 + 6;

  /**
   * @throws RejectedRequest when the text is no host with an optional port
   */
  static Authority parse(String sent) throws RejectedRequest {
    if (sent.isEmpty() || sent.length() > MAX_LENGTH) {
      throw refused();
    }
    String text = sent.toLowerCase(Locale.ROOT);
    int end = text.charAt(0) == '[' ? endOfLiteral(text) : endOfName(text);
    checkPort(text, end);
    int hostEnd = end > 1 && text.charAt(end - 1) == '.' ? end - 1 : end;
    return new Authority(text, text.substring(0, hostEnd));
  }

  private static int endOfLiteral(String text) throws RejectedRequest {
    int end = text.indexOf(']');
    for (int i = 1; i < end; i++) {
      char c = text.charAt(i);
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
        throw refused();
      }
    }
    if (end < 3) {
      throw refused();
    }
    return end + 1;
  }

  private static int endOfName(String text) throws RejectedRequest {
    int end = 0;
    while (end < text.length() && isNameCharacter(text.charAt(end))) {
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

  private static void checkPort(String text, int colon) throws RejectedRequest {
    if (colon == text.length()) {
      return;
    }
    int digits = text.length() - colon - 1;
    if (text.charAt(colon) != ':' || digits < 1 || digits > 5) {
      throw refused();
    }
    for (int i = colon + 1; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        throw refused();
      }
    }
  }

  private static RejectedRequest refused() {
    return new RejectedRequest(Failure.BAD_REQUEST, "host is missing or malformed");
  }
}
