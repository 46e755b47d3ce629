package dev.fairlead.conformance.websocket;

import dev.fairlead.proxy.testing.ProxyFixture;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Gives TLS to a client that has none: what comes to its port at 127.0.0.1 goes on to the proxy's
 * TLS port, one connection for each, and back. The end of either side is the end of the other.
 */
final class TlsBridge implements AutoCloseable {

  private final ServerSocket server;
  private final ProxyFixture proxy;
  private final String host;

  TlsBridge(ProxyFixture proxy, String host) throws IOException {
    this.proxy = proxy;
    this.host = host;
    this.server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (true) {
      try {
        Socket plain = server.accept();
        Thread.ofVirtual().start(() -> serve(plain));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket plain) {
    try (plain;
        Socket tls = proxy.tlsSocket(host, "http/1.1")) {
      plain.setTcpNoDelay(true);
      tls.setTcpNoDelay(true);
      tls.setSoTimeout(0);
      Thread back = Thread.ofVirtual().start(() -> answers(tls, plain));
      requests(plain, tls);
      back.join();
    } catch (IOException | InterruptedException over) {
      // The client sees its connection end, and says what it thinks of that.
    }
  }

  /** To the client, until the proxy ends its side. */
  private static void answers(Socket tls, Socket plain) {
    try {
      tls.getInputStream().transferTo(plain.getOutputStream());
      plain.shutdownOutput();
    } catch (IOException over) {
      // Then the client has left, which the other direction sees.
    }
  }

  /**
   * From the client, until it ends its side, even if nobody takes it any more: to close before that
   * would reset the connection, and take from the client what it has not read yet.
   */
  private static void requests(Socket plain, Socket tls) throws IOException {
    InputStream in = plain.getInputStream();
    try {
      in.transferTo(tls.getOutputStream());
      tls.shutdownOutput();
    } catch (IOException notTaken) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
