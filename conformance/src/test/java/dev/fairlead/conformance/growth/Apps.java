package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** All that is behind the proxy, and two ports where nothing is. */
final class Apps implements AutoCloseable {

  private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

  /** More than fit into the queue of a port that accepts none: a further one is not answered. */
  private static final int DEAFENING = 8;

  private final Signals signals = new Signals();
  private final Acceptor first;
  private final Acceptor second;
  private final Acceptor http2;

  /** Bound, but not listening. */
  private final Socket refusing = new Socket();

  private final ServerSocket deaf;
  private final List<SocketChannel> waiting = new ArrayList<>();

  Apps() throws IOException {
    first = new Acceptor("127.0.0.1", 0, App.with(signals));
    second = new Acceptor("127.0.0.2", first.port(), App.with(signals));
    http2 = new Acceptor("127.0.0.1", 0, Http2App.with(signals));
    refusing.bind(new InetSocketAddress(LOCAL, 0));
    deaf = new ServerSocket(0, 1, LOCAL);
    for (int i = 0; i < DEAFENING; i++) {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.connect(deaf.getLocalSocketAddress());
      waiting.add(channel);
    }
  }

  Signals signals() {
    return signals;
  }

  Routes routes() {
    return new Routes(first.port(), http2.port(), refusing.getLocalPort(), deaf.getLocalPort());
  }

  /** How many connections the proxy has to them. */
  int connections() {
    return first.open() + second.open() + http2.open();
  }

  @Override
  public void close() throws IOException {
    first.close();
    second.close();
    http2.close();
    refusing.close();
    deaf.close();
    for (SocketChannel channel : waiting) {
      channel.close();
    }
  }
}
