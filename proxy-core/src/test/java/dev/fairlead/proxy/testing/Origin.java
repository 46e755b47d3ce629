package dev.fairlead.proxy.testing;

import dev.fairlead.config.routing.EndpointSpec;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLException;

/**
 * An app behind the proxy that does what a script says, byte by byte: one virtual thread for each
 * connection.
 */
public final class Origin implements AutoCloseable {

  private final ServerSocket server;
  private final Script script;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final Set<Wire> open = ConcurrentHashMap.newKeySet();

  /** What happens on one connection; it is closed when the script returns. */
  @FunctionalInterface
  public interface Script {
    void run(Wire connection) throws Exception;
  }

  /** What is answered to one request. */
  @FunctionalInterface
  public interface Answer {
    void to(Message request, Wire connection) throws Exception;
  }

  private Origin(Script script) {
    this(ServerSocketFactory.getDefault(), script);
  }

  private Origin(ServerSocketFactory sockets, Script script) {
    try {
      this.server = sockets.createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  /** An origin that runs {@code script} for every connection. */
  public static Origin scripted(Script script) {
    return new Origin(script);
  }

  /** An origin that answers one request after the other on kept connections. */
  public static Origin answering(Answer answer) {
    Origin[] self = new Origin[1];
    self[0] =
        new Origin(
            connection -> {
              while (true) {
                Message request = connection.read();
                self[0].requests.incrementAndGet();
                answer.to(request, connection);
              }
            });
    return self[0];
  }

  /** The same by TLS. */
  public static Origin tls(TestCa.Identity identity, Answer answer) {
    return new Origin(
        identity.serverContext().getServerSocketFactory(),
        connection -> {
          while (true) {
            answer.to(connection.read(), connection);
          }
        });
  }

  /** Answers 200 with the name of this origin as the body. */
  public static Origin named(String name) {
    return answering((request, connection) -> ok(connection, name));
  }

  /** Writes a 200 with a text of known length. */
  public static void ok(Wire connection, String body) throws IOException {
    connection.send(
        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.getBytes(StandardCharsets.UTF_8).length, body));
  }

  public EndpointSpec endpoint() {
    return new EndpointSpec("127.0.0.1", server.getLocalPort());
  }

  /** How many connections were made to it so far. */
  public int connections() {
    return connections.get();
  }

  /** How many requests were read whole ({@link #answering} only). */
  public int requests() {
    return requests.get();
  }

  /** How many connections are open now. */
  public int openConnections() {
    return open.size();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        Wire connection = new Wire(socket);
        socket.setSoTimeout(0); // how long an app waits is for its clients to say
        open.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Wire connection) {
    try (connection) {
      script.run(connection);
    } catch (EOFException | SocketException | SSLException gone) {
      // The proxy closed it: the usual end.
    } catch (Exception e) {
      if (!server.isClosed()) {
        throw new IllegalStateException("script failed", e);
      }
    } finally {
      open.remove(connection);
    }
  }

  /** Closes the port and all connections. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    open.forEach(Wire::close);
  }
}
