import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import sun.misc.Signal;

/**
 * An app as there are many: it answers, takes uploads, sends long downloads, events and WebSocket
 * messages. {@code App PORT}. On SIGTERM it ends what it has begun, closes what is idle, and
 * leaves. SIGUSR1 makes it answer 500 to everything, SIGHUP makes it ten times slower; again, and
 * it is well.
 */
final class App {

  /** What an answer takes, so that there is a difference between fast and slow. */
  private static final long WORK_NANOS = 5_000_000;

  private static final int PIECES_PER_SECOND = 10;
  private static final int PIECE_BYTES = 4096;
  private static final String NAME = hostName();
  private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final Set<Socket> idle = ConcurrentHashMap.newKeySet();
  private final Set<Connection> webSockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger busy = new AtomicInteger();
  private volatile boolean failing;
  private volatile boolean slow;
  private volatile boolean leaving;

  public static void main(String[] arguments) throws IOException {
    App app = new App();
    ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]), 1000);
    Signal.handle(new Signal("USR1"), signal -> app.failing = !app.failing);
    Signal.handle(new Signal("HUP"), signal -> app.slow = !app.slow);
    Signal.handle(new Signal("TERM"), signal -> app.leave(server));
    app.serve(server);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        break;
      }
    }
    while (busy.get() > 0) {
      LockSupport.parkNanos(20_000_000);
    }
    System.exit(0);
  }

  private void leave(ServerSocket server) {
    leaving = true;
    try {
      server.close();
      for (Socket socket : idle) {
        socket.close();
      }
      for (Connection connection : webSockets) {
        connection.goAway();
      }
    } catch (IOException e) {
      System.err.println(e);
    }
  }

  private void serve(Socket socket) {
    try (socket;
        Connection connection = new Connection(socket)) {
      socket.setTcpNoDelay(true);
      while (!leaving) {
        idle.add(socket);
        String line = connection.line();
        idle.remove(socket);
        if (line == null) {
          return;
        }
        busy.incrementAndGet();
        try {
          if (!answer(line.split(" ", 3), connection)) {
            return;
          }
        } finally {
          busy.decrementAndGet();
        }
      }
    } catch (IOException gone) {
      // Whoever was there has left.
    } finally {
      idle.remove(socket);
    }
  }

  /** Returns whether another request may follow. */
  private boolean answer(String[] request, Connection connection) throws IOException {
    Map<String, String> fields = connection.fields();
    Body body = connection.body(fields);
    if (failing) {
      body.readAll();
      return connection.respond(500, "it does not work");
    }
    String path = request[1].replaceFirst("\\?.*", "");
    switch (path) {
      case "/download" -> {
        return download(connection, number(request[1]));
      }
      case "/events" -> {
        return events(connection);
      }
      case "/ws" -> {
        return webSocket(connection, fields);
      }
      default -> {
        long crc = body.readAll();
        LockSupport.parkNanos(slow ? 10 * WORK_NANOS : WORK_NANOS);
        return connection.respond(
            200, "task=%s\nbytes=%d\ncrc=%08x\n".formatted(NAME, body.length, crc));
      }
    }
  }

  private static int number(String target) {
    String digits = target.replaceFirst(".*[?]", "").replaceAll("[^0-9]", "");
    return digits.isEmpty() ? 1 : Integer.parseInt(digits);
  }

  /** As many bytes as it says, over as many seconds. */
  private boolean download(Connection connection, int seconds) throws IOException {
    int pieces = seconds * PIECES_PER_SECOND;
    connection.begin(200, "Content-Length: " + (long) pieces * PIECE_BYTES);
    byte[] piece = "0123456789abcdef".repeat(PIECE_BYTES / 16).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < pieces; i++) {
      connection.write(piece);
      LockSupport.parkNanos(1_000_000_000L / PIECES_PER_SECOND);
    }
    return true;
  }

  /** Until somebody leaves, or this app does. */
  private boolean events(Connection connection) throws IOException {
    connection.begin(200, "Content-Type: text/event-stream", "Connection: close");
    for (int i = 0; !leaving; i++) {
      connection.write("data: %s %d\n\n".formatted(NAME, i));
      LockSupport.parkNanos(500_000_000);
    }
    connection.write("data: %s bye\n\n".formatted(NAME));
    return false;
  }

  private boolean webSocket(Connection connection, Map<String, String> fields) throws IOException {
    String key = fields.getOrDefault("sec-websocket-key", "");
    connection.begin(
        101, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: " + accept(key));
    webSockets.add(connection);
    try {
      for (byte[] message = connection.message(); message != null; ) {
        connection.send(message);
        message = connection.message();
      }
    } finally {
      webSockets.remove(connection);
    }
    return false;
  }

  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + WEBSOCKET_GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a request carries; the length is known once it was read. */
  private static final class Body {
    private final Connection connection;
    private final long announced;
    private long length;

    /**
     * @param announced its length; negative when it comes in chunks
     */
    Body(Connection connection, long announced) {
      this.connection = connection;
      this.announced = announced;
    }

    /** Returns its CRC-32. */
    long readAll() throws IOException {
      CRC32 crc = new CRC32();
      if (announced >= 0) {
        length = connection.take(announced, crc);
        return crc.getValue();
      }
      for (long size = chunk(); size > 0; size = chunk()) {
        length += connection.take(size, crc);
        connection.line();
      }
      for (String trailer = connection.line(); !trailer.isEmpty(); ) {
        trailer = connection.line();
      }
      return crc.getValue();
    }

    private long chunk() throws IOException {
      return Long.parseLong(connection.line().replaceFirst(";.*", "").strip(), 16);
    }
  }

  /** One connection; one thread at a time. */
  private static final class Connection implements AutoCloseable {
    private final InputStream in;
    private final OutputStream out;

    Connection(Socket socket) throws IOException {
      in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
      out = socket.getOutputStream();
    }

    /** Null at the end. */
    String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          return null;
        }
        line.append((char) c);
      }
      return line.toString().stripTrailing();
    }

    Map<String, String> fields() throws IOException {
      Map<String, String> fields = new HashMap<>();
      for (String line = line(); line != null && !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        fields.put(line.substring(0, colon).toLowerCase(), line.substring(colon + 1).strip());
      }
      return fields;
    }

    Body body(Map<String, String> fields) {
      boolean chunked = fields.containsKey("transfer-encoding");
      return new Body(
          this, chunked ? -1 : Long.parseLong(fields.getOrDefault("content-length", "0")));
    }

    long take(long bytes, CRC32 crc) throws IOException {
      byte[] piece = new byte[64 * 1024];
      for (long left = bytes; left > 0; ) {
        int read = in.read(piece, 0, (int) Math.min(piece.length, left));
        if (read < 0) {
          throw new EOFException();
        }
        crc.update(piece, 0, read);
        left -= read;
      }
      return bytes;
    }

    /** In one piece, as short answers are. */
    boolean respond(int status, String text) throws IOException {
      write(head(status, "Content-Length: " + text.length()) + text);
      return true;
    }

    void begin(int status, String... fields) throws IOException {
      write(head(status, fields));
    }

    private static String head(int status, String... fields) {
      StringBuilder head =
          new StringBuilder("HTTP/1.1 " + status + " X\r\nX-Task: " + NAME + "\r\n");
      for (String field : fields) {
        head.append(field).append("\r\n");
      }
      return head.append("\r\n").toString();
    }

    void write(String text) throws IOException {
      write(text.getBytes(StandardCharsets.US_ASCII));
    }

    synchronized void write(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** A short message of a client, unmasked; null at the end. */
    byte[] message() throws IOException {
      int first = in.read();
      if (first < 0 || (first & 0xf) == 8) {
        return null;
      }
      int length = in.read() & 0x7f;
      byte[] mask = in.readNBytes(4);
      byte[] message = in.readNBytes(length);
      for (int i = 0; i < message.length; i++) {
        message[i] ^= mask[i & 3];
      }
      return message;
    }

    void send(byte[] message) throws IOException {
      byte[] frame = new byte[message.length + 2];
      frame[0] = (byte) 0x81;
      frame[1] = (byte) message.length;
      System.arraycopy(message, 0, frame, 2, message.length);
      write(frame);
    }

    /** Says that this end leaves (RFC 6455 §7.4.1, 1001). */
    void goAway() throws IOException {
      write(new byte[] {(byte) 0x88, 2, 3, (byte) 0xe9});
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
