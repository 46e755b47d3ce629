package dev.fairlead.conformance.growth;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client's connection that speaks HTTP/1.1, or says that it does. For one thread. */
final class Line implements AutoCloseable {

  private final Socket socket;
  private final Socket wire;
  private final Input in;
  private final OutputStream out;

  /**
   * @param socket that is spoken through
   * @param wire the same, but for TLS
   */
  Line(Socket socket, Socket wire) throws IOException {
    this.socket = socket;
    this.wire = wire;
    this.in = new Input(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  Line send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Line send(byte[] bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  /** Asks; {@code fields} end with a line end each. */
  Line ask(String method, String host, String path, String fields) throws IOException {
    return send(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n");
  }

  Line get(String host, String path) throws IOException {
    return ask("GET", host, path, "");
  }

  /** Reads a head, and says its status. */
  String head(int status) throws IOException {
    String head = in.head();
    if (!head.startsWith("HTTP/1.1 " + status)) {
      throw new IOException(
          "expected " + status + ", got " + head.substring(0, head.indexOf('\r')));
    }
    return head;
  }

  /** Reads a response with so long a body. */
  void expect(int status, long bytes) throws IOException {
    long body = in.body(head(status));
    if (body != bytes) {
      throw new IOException("expected a body of " + bytes + " bytes, got " + body);
    }
  }

  /** Reads a response with any body. */
  void expect(int status) throws IOException {
    in.body(head(status));
  }

  Input in() {
    return in;
  }

  /** Reads to the end, in whatever way it comes; says how much there was. */
  long awaitEnd() throws IOException {
    try {
      return in.end();
    } catch (SocketTimeoutException late) {
      throw late;
    } catch (IOException reset) {
      return 0;
    }
  }

  /** The proxy must end the connection before a whole response was there. */
  void expectCut() throws IOException {
    try {
      in.body(in.head());
    } catch (SocketTimeoutException late) {
      throw late;
    } catch (EOFException | java.net.SocketException | javax.net.ssl.SSLException cut) {
      return;
    }
    throw new IOException("expected a response that is cut off, got a whole one");
  }

  /** Ends the sending side. */
  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends it without the words that TLS has for that. */
  void cut() throws IOException {
    wire.close();
  }

  /** Ends it by a reset of TCP. */
  void reset() throws IOException {
    wire.setSoLinger(true, 0);
    wire.close();
  }

  @Override
  public void close() throws IOException {
    try {
      socket.close();
    } catch (IOException gone) {
      // TLS can't say good-bye to a connection that is no more.
      wire.close();
    }
  }
}
