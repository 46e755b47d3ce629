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
  private static final int TIMEOUT_MILLIS = 10_000;

  private final SSLSocket socket;
  private final InputStream in;
  private final String host;

  Connection(Server server) throws IOException {
    host = server.uri().getHost();
    Socket plain = new Socket();
    plain.connect(new InetSocketAddress(server.address(), 443), TIMEOUT_MILLIS);
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
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Long.parseLong(header.substring(15).strip());
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
