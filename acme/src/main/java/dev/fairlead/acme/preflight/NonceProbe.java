package dev.fairlead.acme.preflight;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks one address for an answer that only an instance on this storage knows, as the CA will for
 * http-01. Not by an HTTP client: those connect to where a name leads, and this is about each of
 * its addresses. The answer is somebody's: 8 KiB of it are read, and compared. Blocks.
 */
final class NonceProbe {

  private static final int MOST_BYTES = 8192;
  private static final int LONGEST_LINE = 100;

  private final int port;
  private final Duration limit;

  /**
   * @param port where the CA asks
   * @param limit for the connection, and then for each wait
   */
  NonceProbe(int port, Duration limit) {
    this.port = port;
    this.limit = limit;
  }

  /**
   * Looks who is there.
   *
   * @param expected what an instance on this storage answers to the token
   */
  Reach look(InetAddress address, String host, String token, String expected) {
    int millis = Math.toIntExact(limit.toMillis());
    long end = System.nanoTime() + 2 * limit.toNanos();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), millis);
      socket.setSoTimeout(millis);
      socket
          .getOutputStream()
          .write(
              "GET /.well-known/acme-challenge/%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                  .formatted(token, host)
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = read(socket.getInputStream(), expected, end);
      return answer.contains(expected) ? new Reach.Ours() : new Reach.Other(firstLine(answer));
    } catch (IOException e) {
      return new Reach.Nobody(
          Optional.ofNullable(e.getMessage())
              .map(NonceProbe::line)
              .orElse(e.getClass().getSimpleName()));
    }
  }

  private static String read(InputStream from, String expected, long end) throws IOException {
    byte[] bytes = new byte[MOST_BYTES];
    int length = 0;
    while (length < MOST_BYTES && System.nanoTime() - end < 0) {
      int more = from.read(bytes, length, MOST_BYTES - length);
      if (more < 0) {
        break;
      }
      length += more;
      if (text(bytes, length).contains(expected)) {
        break;
      }
    }
    return text(bytes, length);
  }

  private static String text(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  private static String firstLine(String answer) {
    String first = line(answer.lines().findFirst().orElse(""));
    return first.isEmpty() ? "nothing" : first;
  }

  private static String line(String text) {
    String line = text.replaceAll("[^ -~]+", " ").strip();
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
  }
}
