import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Exchanges that take long. One that the app ends in good order, as it has to leave, is well. */
final class Streams {
  private static final int PIECE_BYTES = 4096;
  private static final int PIECES_PER_SECOND = 10;
  private static final int CLOSE = 0x88;
  private static final int TEXT = 0x81;

  private Streams() {}

  /** As many bytes as the app sends over so many seconds. */
  static Exchange download(Server server, int seconds) {
    long expected = (long) seconds * PIECES_PER_SECOND * PIECE_BYTES;
    return () -> {
      try (Connection connection = new Connection(server)) {
        connection.ask("GET", "/download?seconds=" + seconds);
        long length = connection.head(200);
        if (length != expected) {
          throw new WrongAnswer("length " + length);
        }
        connection.skip(length);
      }
    };
  }

  /** Server-sent events, for so long. */
  static Exchange events(Server server, Duration time) {
    return () -> {
      try (Connection connection = new Connection(server)) {
        connection.ask("GET", "/events", "Accept: text/event-stream");
        connection.head(200);
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
          if (isLast(connection)) {
            return;
          }
        }
      }
    };
  }

  // In whatever chunks they come: a line is a line.
  private static boolean isLast(Connection connection) throws Exception {
    String line = connection.line();
    while (!line.startsWith("data: ")) {
      line = connection.line();
    }
    return line.endsWith(" bye");
  }

  /** Messages that come back, for so long. */
  static Exchange webSocket(Server server, Duration time) {
    return () -> {
      try (Connection connection = new Connection(server)) {
        connection.ask(
            "GET",
            "/ws",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        connection.head(101);
        int count = 0;
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
          byte[] message = ("message " + count++).getBytes(StandardCharsets.US_ASCII);
          connection.write(masked(message));
          if (!comesBack(connection, message)) {
            return;
          }
          LockSupport.parkNanos(200_000_000);
        }
      }
    };
  }

  private static byte[] masked(byte[] message) {
    byte[] frame = new byte[6 + message.length];
    frame[0] = (byte) TEXT;
    frame[1] = (byte) (0x80 | message.length);
    // A mask of zeros changes nothing.
    System.arraycopy(message, 0, frame, 6, message.length);
    return frame;
  }

  private static boolean comesBack(Connection connection, byte[] message) throws Exception {
    int kind = connection.read();
    byte[] payload = connection.read(connection.read());
    if (kind == CLOSE) {
      return false;
    }
    if (kind != TEXT || !Arrays.equals(payload, message)) {
      throw new WrongAnswer("another message");
    }
    return true;
  }
}
