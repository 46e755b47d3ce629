package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.codec.hpack.HpackException;
import java.util.Arrays;

/** Gathers a header block that comes in several frames (RFC 9113 §4.3), within limits. */
final class HeaderBlock {

  /** Takes a block that is whole. Its bytes are there during the call only. */
  @FunctionalInterface
  interface Reader {
    void read(byte[] bytes, int from, int length) throws ConnectionError, HpackException;
  }

  private static final int MAX_CONTINUATIONS = 16;

  private static final byte[] NONE = {};

  private final int maxBytes;
  private final HeadBudget.Share budget;
  private final Reader reader;
  private byte[] bytes = NONE;
  private int length;
  private int continuations;

  /**
   * Takes twice what a request may have in fields: so a request that is too large is still
   * understood and answered. What is longer yet can't be skipped, for later blocks build on it.
   *
   * @param requestBytes of a request's fields at most
   */
  HeaderBlock(int requestBytes, HeadBudget.Share budget, Reader reader) {
    this.maxBytes = 2 * requestBytes;
    this.budget = budget;
    this.reader = reader;
  }

  /** Begins with the bytes of HEADERS, which most of the time are all. */
  void begin(byte[] from, int at, int count, boolean last) throws ConnectionError {
    if (last) {
      read(from, at, count);
      return;
    }
    clear();
    continuations = 0;
    append(from, at, count);
  }

  /** Adds the bytes of a CONTINUATION. */
  void add(byte[] from, int at, int count, boolean last) throws ConnectionError {
    continuations++;
    if (continuations > MAX_CONTINUATIONS || length + count > maxBytes) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "a header block is too large");
    }
    append(from, at, count);
    if (last) {
      read(bytes, 0, length);
      clear();
    }
  }

  private void read(byte[] from, int at, int count) throws ConnectionError {
    try {
      reader.read(from, at, count);
    } catch (HpackException e) {
      throw new ConnectionError(ErrorCode.COMPRESSION_ERROR, "HPACK: " + e.getMessage());
    }
  }

  private void append(byte[] from, int at, int count) throws ConnectionError {
    if (length + count > bytes.length) {
      grow(length + count);
    }
    System.arraycopy(from, at, bytes, length, count);
    length += count;
  }

  private void grow(int needed) throws ConnectionError {
    int most = needed > HeadBudget.SMALL_HEAD ? maxBytes : HeadBudget.SMALL_HEAD;
    int larger = Math.max(needed, Math.min(length * 2, most));
    if (!budget.take(larger - bytes.length)) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "no room for more large heads");
    }
    bytes = Arrays.copyOf(bytes, larger);
  }

  /** Gives its memory back. */
  void clear() {
    budget.give(bytes.length);
    bytes = NONE;
    length = 0;
  }
}
