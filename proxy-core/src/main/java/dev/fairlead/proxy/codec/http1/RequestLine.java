package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.Octets;
import dev.fairlead.proxy.message.RawRequest.Version;
import java.nio.charset.StandardCharsets;

/**
 * The first line of a request: three parts with one space between them (RFC 9112 §3).
 *
 * @param target as sent
 */
record RequestLine(String method, String target, Version version) {

  private static final int MAX_METHOD = 64;
  private static final byte[][] USUAL_METHODS = {
    ascii("GET"),
    ascii("POST"),
    ascii("HEAD"),
    ascii("PUT"),
    ascii("DELETE"),
    ascii("OPTIONS"),
    ascii("PATCH")
  };
  private static final String[] USUAL_NAMES = {
    "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"
  };
  private static final byte[] HTTP_1 = ascii(" HTTP/1.");

  /** Beside the target: the longest method, the version, and a space before each. */
  static final int MAX_REST = MAX_METHOD + 1 + HTTP_1.length + 1;

  /**
   * @param maxTarget bytes of the target
   */
  static RequestLine parse(byte[] bytes, int start, int end, int maxTarget)
      throws MalformedMessageException {
    int methodEnd = start;
    while (methodEnd < end && Octets.isToken(bytes[methodEnd])) {
      methodEnd++;
    }
    if (methodEnd == start || methodEnd - start > MAX_METHOD) {
      throw MalformedMessageException.bad("method is no token");
    }
    // Space, target, and " HTTP/1.x" behind it.
    int targetStart = methodEnd + 1;
    int targetEnd = end - HTTP_1.length - 1;
    if (targetEnd <= targetStart || bytes[methodEnd] != ' ' || !startsWith(bytes, targetEnd)) {
      throw MalformedMessageException.bad("start line is not that of an HTTP/1 request");
    }
    if (targetEnd - targetStart > maxTarget) {
      throw new MalformedMessageException(Failure.URI_TOO_LONG, "target is too long");
    }
    for (int i = targetStart; i < targetEnd; i++) {
      if (bytes[i] <= ' ' || bytes[i] == 0x7f) {
        throw MalformedMessageException.bad("character that is not allowed in a target");
      }
    }
    return new RequestLine(
        method(bytes, start, methodEnd),
        new String(bytes, targetStart, targetEnd - targetStart, StandardCharsets.ISO_8859_1),
        version(bytes[end - 1]));
  }

  private static boolean startsWith(byte[] bytes, int at) {
    for (int i = 0; i < HTTP_1.length; i++) {
      if (bytes[at + i] != HTTP_1[i]) {
        return false;
      }
    }
    return true;
  }

  private static Version version(byte minor) throws MalformedMessageException {
    return switch (minor) {
      case '1' -> Version.HTTP_1_1;
      case '0' -> Version.HTTP_1_0;
      default -> throw MalformedMessageException.bad("version is neither 1.0 nor 1.1");
    };
  }

  private static String method(byte[] bytes, int start, int end) {
    for (int i = 0; i < USUAL_METHODS.length; i++) {
      if (same(bytes, start, end, USUAL_METHODS[i])) {
        return USUAL_NAMES[i];
      }
    }
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  private static boolean same(byte[] bytes, int start, int end, byte[] other) {
    if (end - start != other.length) {
      return false;
    }
    for (int i = 0; i < other.length; i++) {
      if (bytes[start + i] != other[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
