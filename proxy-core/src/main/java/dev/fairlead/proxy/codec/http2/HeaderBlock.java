package dev.fairlead.proxy.codec.http2;

import java.util.Arrays;

/** Gathers a header block that comes in several frames (RFC 9113 §4.3), within limits. */
final class HeaderBlock {

  private static final int MAX_CONTINUATIONS = 16;

  private static final byte[] NONE = {};

  private final int maxBytes;
  private byte[] bytes = NONE;
  private int length;
  private int continuations;

  /**
   * Takes twice what a request may have in fields: so a request that is too large is still
   * understood and answered. What is longer yet can't be skipped, for later blocks build on it.
   *
   * @param requestBytes of a request's fields at most
   */
  HeaderBlock(int requestBytes) {
    this.maxBytes = 2 * requestBytes;
  }

  /** Begins with the bytes of HEADERS. */
  void begin(byte[] from, int at, int count) {
    bytes = Arrays.copyOfRange(from, at, at + count);
    length = count;
    continuations = 0;
  }

  /** Adds the bytes of a CONTINUATION. */
  void add(byte[] from, int at, int count) throws ConnectionError {
    continuations++;
    if (continuations > MAX_CONTINUATIONS || length + count > maxBytes) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "a header block is too large");
    }
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, length * 2));
    }
    System.arraycopy(from, at, bytes, length, count);
    length += count;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Gives its memory back. */
  void clear() {
    bytes = NONE;
    length = 0;
  }
}
