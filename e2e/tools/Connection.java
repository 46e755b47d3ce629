import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One connection that speaks HTTP/1.1 by TLS. One thread at a time. */
final class Connection implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 30_000;

  /** Where there is another address to go to. */
  private static final int NEXT_MILLIS = 1_000;

  /** A server closes what is idle, ours after 75 s; clients leave it before (RFC 9112 §9.5). */
  private static final long STALE_NANOS = 60_000_000_000L;

  private final SSLSocket socket;
  private final InputStream in;
  private final String host;
  private String task = "";
  private boolean lasting = true;
  private boolean unfinished;
  private long askedNanos = System.nanoTime();

  Connection(Server server) throws IOException {
    host = server.uri().getHost();
    Socket plain = connected(server.addresses());
    plain.setSoTimeout(TIMEOUT_MILLIS);
    socket = (SSLSocket) server.tls().getSocketFactory().createSocket(plain, host, 443, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException failure) {
      plain.close();
      throw failure;
    }
  }

  private static Socket connected(Addresses addresses) throws IOException {
    for (int left = addresses.count(); ; left--) {
      InetSocketAddress address = addresses.current();
      Socket socket = new Socket();
      try {
        socket.connect(address, left == 1 ? TIMEOUT_MILLIS : NEXT_MILLIS);
        return socket;
      } catch (IOException refused) {
        socket.close();
        if (left == 1) {
          throw refused;
        }
        addresses.leave(address);
      }
    }
  }

  /** Which task the last answer was from; empty when there was none yet. */
  String task() {
    return task;
  }

  /** Whether another request may follow. */
  boolean isLasting() {
    return lasting;
  }

  /** Whether its last request is so long ago that the server may be about to close it. */
  boolean isStale() {
    return System.nanoTime() - askedNanos > STALE_NANOS;
  }

  /** Says that the answer is left before its end. */
  void leave() {
    unfinished = true;
  }

  boolean isUnfinished() {
    return unfinished;
  }

  /** Asks by GET; returns the body. */
  String get(String path) throws Exception {
    ask("GET", path);
    return new String(body(head(200)), StandardCharsets.UTF_8);
  }

  /** Sends a body; returns that of the answer. */
  String send(String method, String path, byte[] body) throws Exception {
    ask(method, path, "Content-Length: " + body.length);
    write(body);
    return new String(body(head(200)), StandardCharsets.UTF_8);
  }

  void ask(String method, String path, String... fields) throws IOException {
    task = "";
    askedNanos = System.nanoTime();
    StringBuilder head =
        new StringBuilder("%s %s HTTP/1.1\r\nHost: %s\r\n".formatted(method, path, host));
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /**
   * Reads a head.
   *
   * @param wanted status
   * @return the length of the body; negative when the head has none
   */
  long head(int wanted) throws Exception {
    String status = line().split(" ", 3)[1];
    long length = -1;
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      String value = header.substring(colon + 1).strip();
      switch (header.substring(0, colon).toLowerCase()) {
        case "content-length" -> length = Long.parseLong(value);
        case "connection" -> lasting &= !value.equalsIgnoreCase("close");
        case "x-task" -> task = value;
        default -> {}
      }
    }
    if (!status.equals(Integer.toString(wanted))) {
      in.readNBytes((int) Math.max(0, length));
      throw new WrongAnswer("status " + status);
    }
    return length;
  }

  private byte[] body(long length) throws Exception {
    byte[] body = in.readNBytes((int) Math.max(length, 0));
    if (body.length < length) {
      throw new EOFException();
    }
    if (body.length == 0) {
      throw new WrongAnswer("no body");
    }
    return body;
  }

  /** Reads and forgets so many bytes. */
  void skip(long bytes) throws IOException {
    in.skipNBytes(bytes);
  }

  int read() throws IOException {
    int one = in.read();
    if (one < 0) {
      throw new EOFException();
    }
    return one;
  }

  byte[] read(int bytes) throws IOException {
    byte[] read = in.readNBytes(bytes);
    if (read.length < bytes) {
      throw new EOFException();
    }
    return read;
  }

  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = read(); c != '\n'; c = read()) {
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
