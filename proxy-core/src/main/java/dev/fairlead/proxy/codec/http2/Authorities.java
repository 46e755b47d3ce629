package dev.fairlead.proxy.codec.http2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The text of {@code :authority}, which is the same for all requests of most connections. */
final class Authorities {

  private byte[] lastBytes = {};
  private String last = "";

  String text(byte[] bytes, int at, int length) {
    if (!Arrays.equals(bytes, at, at + length, lastBytes, 0, lastBytes.length)) {
      lastBytes = Arrays.copyOfRange(bytes, at, at + length);
      last = new String(lastBytes, StandardCharsets.ISO_8859_1);
    }
    return last;
  }
}
