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
      Thread back = Thread.ofVirtual().start(() -> copy(tls, plain));
      copy(plain, tls);
      back.join();
    } catch (IOException | InterruptedException over) {
      // The client sees its connection end, and says what it thinks of that.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException over) {
      // Both are closed, which ends the other direction.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
