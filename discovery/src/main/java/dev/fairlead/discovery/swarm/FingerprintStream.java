package dev.fairlead.discovery.swarm;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** Takes the fingerprint of what is read through it. For one thread; needs no closing. */
final class FingerprintStream extends InputStream {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final InputStream in;
  private final long limitBytes;
  private final CRC32 one = new CRC32();
  private final CRC32C other = new CRC32C();
  private long length;
  private boolean failed;

  /**
   * @param limitBytes what may be read at most
   */
  FingerprintStream(InputStream in, long limitBytes) {
    this.in = in;
    this.limitBytes = limitBytes;
  }

  /**
   * Reads what is left.
   *
   * @throws IOException when reading fails, or there is more than the limit
   */
  Fingerprint toTheEnd() throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    while (read(buffer, 0, buffer.length) >= 0) {
      // what is read counts by itself
    }
    return new Fingerprint(length, one.getValue() << Integer.SIZE | other.getValue());
  }

  /** Whether reading has failed: what went wrong is not the fault of what was read. */
  boolean hasFailed() {
    return failed;
  }

  @Override
  public int read(byte[] buffer, int offset, int most) throws IOException {
    try {
      int count = in.read(buffer, offset, most);
      if (count > 0) {
        take(buffer, offset, count);
      }
      return count;
    } catch (IOException | RuntimeException e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] next = new byte[1];
    return read(next, 0, 1) < 0 ? -1 : next[0] & 0xff;
  }

  private void take(byte[] buffer, int offset, int count) throws IOException {
    length += count;
    if (length > limitBytes) {
      throw new IOException("more than " + limitBytes + " bytes");
    }
    one.update(buffer, offset, count);
    other.update(buffer, offset, count);
  }
}
