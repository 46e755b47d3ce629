package dev.fairlead.discovery.swarm;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A piece of an answer. As it came, until it has come some times more: then it will come again and
 * again, and is packed to a tenth, with 64 bits by which to know it. Two pieces that agree in these
 * by chance are one in 2^64; whoever makes them agree by craft hides a change of his own service.
 * Thread-safe.
 */
final class Piece {

  /** The most it has; all but the last one of an answer have so many. */
  static final int BYTES = 64 * 1024;

  /** What {@link #content} is once it was packed. */
  private static final class Packed {
    private final byte[] deflated;
    private final long digest;

    Packed(byte[] deflated, long digest) {
      this.deflated = deflated;
      this.digest = digest;
    }
  }

  /** Not at once: a start has better things to do. */
  private static final int PACKED_AFTER = 8;

  private final int length;

  private final AtomicInteger again = new AtomicInteger();

  /** The bytes, or {@link Packed}. Two threads that pack at the same time do the same. */
  private volatile Object content;

  private Piece(byte[] bytes) {
    this.length = bytes.length;
    this.content = bytes;
  }

  /** Of the first {@code count} bytes, which are copied. */
  static Piece of(byte[] buffer, int count) {
    return new Piece(Arrays.copyOf(buffer, count));
  }

  /** Whether the first {@code count} bytes are the same. */
  boolean isSame(byte[] buffer, int count) {
    if (count != length) {
      return false;
    }
    if (content instanceof Packed packed) {
      return packed.digest == digest(buffer, count);
    }
    boolean same = Arrays.equals(bytes(), 0, length, buffer, 0, count);
    if (same && again.incrementAndGet() >= PACKED_AFTER) {
      content = new Packed(deflated(buffer, count), digest(buffer, count));
    }
    return same;
  }

  /** As it came; not to be changed. */
  byte[] bytes() {
    return content instanceof Packed packed ? inflated(packed.deflated, length) : (byte[]) content;
  }

  private static long digest(byte[] bytes, int count) {
    CRC32 one = new CRC32();
    one.update(bytes, 0, count);
    CRC32C other = new CRC32C();
    other.update(bytes, 0, count);
    return one.getValue() << Integer.SIZE | other.getValue();
  }

  private static byte[] deflated(byte[] bytes, int count) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(bytes, 0, count);
      deflater.finish();
      byte[] out = new byte[count + 64]; // what cannot be packed grows by a few bytes
      int length = deflater.deflate(out);
      return Arrays.copyOf(out, length);
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflated(byte[] deflated, int length) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(deflated);
      byte[] out = new byte[length];
      inflater.inflate(out);
      return out;
    } catch (DataFormatException e) {
      throw new IllegalStateException("what was packed here", e);
    } finally {
      inflater.end();
    }
  }
}
