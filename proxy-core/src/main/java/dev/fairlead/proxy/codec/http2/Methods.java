package dev.fairlead.proxy.codec.http2;

import java.nio.charset.StandardCharsets;

/** The text of a method, without making a new one for the usual ones. */
final class Methods {

  private static final String[] USUAL = {
    "GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "CONNECT"
  };

  private Methods() {}

  static String text(byte[] bytes, int at, int length) {
    for (String method : USUAL) {
      if (is(method, bytes, at, length)) {
        return method;
      }
    }
    return new String(bytes, at, length, StandardCharsets.ISO_8859_1);
  }

  private static boolean is(String method, byte[] bytes, int at, int length) {
    if (length != method.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[at + i] != method.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
