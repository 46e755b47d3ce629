package dev.fairlead.proxy.codec.hpack;

import java.util.Arrays;

/** Where a name or value lies: in a table, in the block, or, decoded, in a buffer of its own. */
final class Text {

  private static final byte[] NONE = {};
  private static final int FIRST_BYTES = 128;

  /** A larger buffer is given back after the block that needed it. */
  private static final int KEPT_BYTES = 4096;

  byte[] bytes = NONE;
  int at;
  int length;
  private byte[] decoded = NONE;

  void set(byte[] source) {
    set(source, 0, source.length);
  }

  void set(byte[] source, int start, int count) {
    bytes = source;
    at = start;
    length = count;
  }

  void decode(byte[] source, int start, int count) throws HpackException {
    int most = Huffman.maxDecoded(count);
    if (most > decoded.length) {
      decoded = new byte[Math.max(FIRST_BYTES, most)];
    }
    set(decoded, 0, Huffman.decode(source, start, count, decoded));
  }

  byte[] copy() {
    return Arrays.copyOfRange(bytes, at, at + length);
  }

  /** Forgets what belongs to others. */
  void release() {
    set(NONE);
    if (decoded.length > KEPT_BYTES) {
      decoded = NONE;
    }
  }
}
