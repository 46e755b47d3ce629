import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Exchanges that take long. One that the app ends in good order, as it has to leave, is well; so is
 * one that is still going on at the end of the load.
 */
final class Streams {
  private static final int PIECE_BYTES = 4096;
  private static final int PIECES_PER_SECOND = 10;
  private static final int CLOSE = 0x88;
  private static final int TEXT = 0x81;

  private Streams() {}

  /** As many bytes as the app sends over so many seconds. */
  static Server.Visit download(BooleanSupplier leaving, int seconds) {
    int pieces = seconds * PIECES_PER_SECOND;
    return connection -> {
      connection.ask("GET", "/download?seconds=" + seconds);
      long length = connection.head(200);
      if (length != (long) pieces * PIECE_BYTES) {
        throw new WrongAnswer("length " + length);
      }
      for (int i = 0; i < pieces; i++) {
        if (leaving.getAsBoolean()) {
          connection.leave();
          return;
        }
        connection.skip(PIECE_BYTES);
      }
    };
  }

  /** Server-sent events, for so long. */
  static Server.Visit events(BooleanSupplier leaving, Duration time) {
    return connection -> {
      connection.ask("GET", "/events", "Accept: text/event-stream");
      connection.head(200);
      for (long end = end(time); System.nanoTime() < end && !leaving.getAsBoolean(); ) {
        if (isLast(connection)) {
          return;
        }
      }
    };
  }

  private static long end(Duration time) {
    return System.nanoTime() + time.toNanos();
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
  static Server.Visit webSocket(BooleanSupplier leaving, Duration time) {
    return connection -> {
      connection.ask(
          "GET",
          "/ws",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
      connection.head(101);
      int count = 0;
      for (long end = end(time); System.nanoTime() < end && !leaving.getAsBoolean(); ) {
        byte[] message = ("message " + count++).getBytes(StandardCharsets.US_ASCII);
        connection.write(masked(message));
        if (!comesBack(connection, message)) {
          return;
        }
        LockSupport.parkNanos(200_000_000);
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
