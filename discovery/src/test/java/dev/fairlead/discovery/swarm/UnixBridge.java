package dev.fairlead.discovery.swarm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A unix socket in front of a TCP port. */
final class UnixBridge implements AutoCloseable {

  private final Path path;
  private final ServerSocketChannel server;

  private UnixBridge(Path path, ServerSocketChannel server) {
    this.path = path;
    this.server = server;
  }

  static UnixBridge start(Path path, int port) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    UnixBridge bridge = new UnixBridge(path, server);
    Thread.ofVirtual().start(() -> bridge.accept(port));
    return bridge;
  }

  URI endpoint() {
    return URI.create("unix://" + path);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept(int port) {
    try {
      while (true) {
        SocketChannel client = server.accept();
        SocketChannel target =
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread.ofVirtual().start(() -> pipe(client, target));
        Thread.ofVirtual().start(() -> pipe(target, client));
      }
    } catch (IOException e) {
      // The server was closed.
    }
  }

  private static void pipe(SocketChannel from, SocketChannel to) {
    try (from;
        to) {
      ByteBuffer buffer = ByteBuffer.allocate(8192);
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException e) {
      // The other side has gone.
    }
  }
}
