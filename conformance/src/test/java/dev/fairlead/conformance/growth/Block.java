package dev.fairlead.conformance.growth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Fields in HPACK (RFC 7541), as plainly as it can be said: no table, no Huffman code. */
final class Block {

  private static final int METHOD = 2;
  private static final int AUTHORITY = 1;
  private static final int PATH = 4;
  private static final int STATUS = 8;
  private static final int SCHEME_HTTPS = 0x80 | 7;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The head of a request. */
  static Block request(String method, String host, String path) {
    Block block = new Block().named(METHOD, method);
    block.out.write(SCHEME_HTTPS);
    return block.named(AUTHORITY, host).named(PATH, path);
  }

  /** The head of a response. */
  static Block response(int status) {
    return new Block().named(STATUS, Integer.toString(status));
  }

  static Block empty() {
    return new Block();
  }

  /** A field that is in no table. */
  Block field(String name, String value) {
    out.write(0);
    return text(name).text(value);
  }

  private Block named(int index, String value) {
    out.write(index);
    return text(value);
  }

  private Block text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    length(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  // RFC 7541 §5.1, with seven bits.
  private void length(int length) {
    int rest = length;
    if (rest < 127) {
      out.write(rest);
      return;
    }
    out.write(127);
    for (rest -= 127; rest >= 128; rest >>= 7) {
      out.write((rest & 0x7f) | 0x80);
    }
    out.write(rest);
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
