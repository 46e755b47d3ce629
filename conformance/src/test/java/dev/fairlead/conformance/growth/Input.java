package dev.fairlead.conformance.growth;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads messages of HTTP/1.1, and forgets what it read as soon as it can. For one thread. */
final class Input {

  private static final int CAPACITY = 8 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[CAPACITY];
  private int from;
  private int to;

  Input(InputStream in) {
    this.in = in;
  }

  /**
   * Reads a head, up to and with its empty line.
   *
   * @throws EOFException when the other side has ended
   */
  String head() throws IOException {
    int scanned = 0;
    while (true) {
      for (int i = from + scanned; i + 3 < to; i++) {
        if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r') {
          String head = new String(buffer, from, i + 4 - from, StandardCharsets.ISO_8859_1);
          from = i + 4;
          return head;
        }
      }
      scanned = Math.max(0, to - from - 3);
      fill();
    }
  }

  /** The value of the first field of this name; empty when there is none. */
  static String field(String head, String name) {
    for (int at = head.indexOf("\r\n"); at >= 0; at = head.indexOf("\r\n", at + 2)) {
      int colon = at + 2 + name.length();
      if (head.regionMatches(true, at + 2, name, 0, name.length())
          && colon < head.length()
          && head.charAt(colon) == ':') {
        return head.substring(colon + 1, head.indexOf("\r\n", colon)).strip();
      }
    }
    return "";
  }

  /** Reads the body that a head announces by a length or in chunks. */
  long body(String head) throws IOException {
    if (field(head, "transfer-encoding").equalsIgnoreCase("chunked")) {
      return chunks();
    }
    String length = field(head, "content-length");
    long bytes = length.isEmpty() ? 0 : Long.parseLong(length);
    skip(bytes);
    return bytes;
  }

  private long chunks() throws IOException {
    long all = 0;
    while (true) {
      int size = Integer.parseInt(line(), 16);
      if (size == 0) {
        break;
      }
      skip(size + 2L);
      all += size;
    }
    while (!line().isEmpty()) {
      // Trailers.
    }
    return all;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = read(); c != '\n'; c = read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Reads one byte. */
  int read() throws IOException {
    if (from == to) {
      fill();
    }
    return buffer[from++] & 0xff;
  }

  /** Reads what there is, one byte at least; says how many. */
  int some(byte[] into) throws IOException {
    into[0] = (byte) read();
    int more = Math.min(into.length - 1, to - from);
    System.arraycopy(buffer, from, into, 1, more);
    from += more;
    return more + 1;
  }

  /** Reads so many bytes. */
  void read(byte[] into, int count) throws IOException {
    for (int done = 0; done < count; ) {
      if (from == to) {
        fill();
      }
      int piece = Math.min(count - done, to - from);
      System.arraycopy(buffer, from, into, done, piece);
      from += piece;
      done += piece;
    }
  }

  /** Reads so many bytes and forgets them. */
  void skip(long count) throws IOException {
    for (long left = count; left > 0; ) {
      if (from == to) {
        fill();
      }
      long piece = Math.min(left, to - from);
      from += (int) piece;
      left -= piece;
    }
  }

  /** Bytes that came and were not read. */
  int buffered() {
    return to - from;
  }

  /** Reads to the other side's end, an orderly one or a reset; says how much there was. */
  long end() throws IOException {
    long all = 0;
    try {
      while (true) {
        all += buffered();
        from = to;
        fill();
      }
    } catch (EOFException end) {
      return all;
    }
  }

  private void fill() throws IOException {
    if (from == to) {
      from = 0;
      to = 0;
    } else if (to == CAPACITY) {
      if (from == 0) {
        throw new IOException("a head of more than " + CAPACITY + " bytes");
      }
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
    }
    int count = in.read(buffer, to, CAPACITY - to);
    if (count < 0) {
      throw new EOFException("closed");
    }
    to += count;
  }
}
