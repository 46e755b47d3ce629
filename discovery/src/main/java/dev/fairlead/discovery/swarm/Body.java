package dev.fairlead.discovery.swarm;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** Reads the body of an answer that mostly is the same as the one before. */
final class Body {

  /** What is expected to be the same is compared in pieces of this size. */
  private static final int CHUNK_BYTES = 64 * 1024;

  /**
   * Reads to the end.
   *
   * @param previous what the same question was answered with before
   * @param limitBytes what may be read at most
   * @return empty when the bytes are the same as before; then hardly any memory was taken. Nothing
   *     at all is never the same: no engine answers so
   * @throws IOException when reading fails or the body is longer than the limit
   */
  static Optional<byte[]> readChanged(InputStream in, byte[] previous, int limitBytes)
      throws IOException {
    byte[] chunk = new byte[Math.min(CHUNK_BYTES, previous.length + 1)];
    int same = 0;
    while (true) {
      int count = in.readNBytes(chunk, 0, chunk.length);
      int end = same + count;
      boolean equal = end <= previous.length && Arrays.equals(chunk, 0, count, previous, same, end);
      if (equal && count == chunk.length) {
        same = end;
      } else if (equal && end == previous.length && end > 0) {
        return Optional.empty();
      } else {
        return Optional.of(rest(in, previous, same, chunk, count, limitBytes));
      }
    }
  }

  /** The first {@code same} bytes of the body before, a chunk, and what is still to be read. */
  private static byte[] rest(
      InputStream in, byte[] previous, int same, byte[] chunk, int count, int limitBytes)
      throws IOException {
    long known = (long) same + count;
    byte[] rest =
        count < chunk.length || known > limitBytes
            ? new byte[0]
            : in.readNBytes((int) (limitBytes - known + 1));
    if (known + rest.length > limitBytes) {
      throw new IOException("more than " + limitBytes + " bytes");
    }
    byte[] body = Arrays.copyOf(previous, (int) known + rest.length);
    System.arraycopy(chunk, 0, body, same, count);
    System.arraycopy(rest, 0, body, same + count, rest.length);
    return body;
  }

  private Body() {}
}
