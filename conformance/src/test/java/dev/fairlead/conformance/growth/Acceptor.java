package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/**
 * A port of an app, with a thread for each connection that is open: the clients' virtual ones must
 * not keep it waiting.
 */
final class Acceptor implements AutoCloseable {

  private static final int BACKLOG = 1024;

  private static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();

  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ServerSocket server;
  private final Talk talk;

  /** What is done with one connection; it is closed when that returns or throws. */
  @FunctionalInterface
  interface Talk {
    void with(Socket connection) throws IOException;
  }

  /**
   * @param address of this machine
   * @param port 0 for any
   */
  Acceptor(String address, int port, Talk talk) throws IOException {
    this.server = new ServerSocket(port, BACKLOG, InetAddress.ofLiteral(address));
    this.talk = talk;
    THREADS.newThread(this::accept).start();
  }

  int port() {
    return server.getLocalPort();
  }

  /** How many connections are open. */
  int open() {
    return open.size();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        THREADS.newThread(() -> serve(socket)).start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      talk.with(socket);
    } catch (IOException gone) {
      // The proxy closed it, or the app did: the usual ends.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
