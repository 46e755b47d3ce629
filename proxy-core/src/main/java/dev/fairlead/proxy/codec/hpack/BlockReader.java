package dev.fairlead.proxy.codec.hpack;

/** Reads integers and strings of a block (RFC 7541 §5). */
final class BlockReader {

  private static final byte[] NONE = {};
  private static final int HUFFMAN = 0x80;
  private static final int LENGTH_MASK = 0x7f;

  /** The bits of an integer that follow its first byte fill five bytes at most. */
  private static final int MAX_SHIFT = 28;

  private byte[] block = NONE;
  private int at;
  private int end;

  void start(byte[] source, int offset, int length) {
    block = source;
    at = offset;
    end = offset + length;
  }

  /** Forgets the block. */
  void release() {
    start(NONE, 0, 0);
  }

  boolean hasMore() {
    return at < end;
  }

  /** The byte that comes next, which is not consumed. */
  int peek() {
    return block[at] & 0xff;
  }

  /**
   * Reads an integer (§5.1).
   *
   * @param mask the bits of the first byte that belong to it
   * @throws HpackException when it is cut off or above 2^31-1
   */
  int integer(int mask) throws HpackException {
    int prefix = next() & mask;
    if (prefix < mask) {
      return prefix;
    }
    long value = prefix;
    for (int shift = 0; shift <= MAX_SHIFT; shift += 7) {
      int part = next();
      value += (long) (part & 0x7f) << shift;
      if (part < 0x80) {
        return checked(value);
      }
    }
    throw new HpackException("integer is too long");
  }

  /** Reads a string (§5.2). */
  void string(Text into) throws HpackException {
    if (!hasMore()) {
      throw cutOff();
    }
    boolean huffman = (peek() & HUFFMAN) != 0;
    int length = integer(LENGTH_MASK);
    if (length > end - at) {
      throw cutOff();
    }
    if (huffman) {
      into.decode(block, at, length);
    } else {
      into.set(block, at, length);
    }
    at += length;
  }

  private int next() throws HpackException {
    if (at == end) {
      throw cutOff();
    }
    return block[at++] & 0xff;
  }

  private static int checked(long value) throws HpackException {
    if (value > Integer.MAX_VALUE) {
      throw new HpackException("integer is too large");
    }
    return (int) value;
  }

  private static HpackException cutOff() {
    return new HpackException("block is cut off");
  }
}
