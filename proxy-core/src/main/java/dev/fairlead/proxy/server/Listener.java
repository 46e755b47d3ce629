package dev.fairlead.proxy.server;

import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.proxy.transport.KeepAlive;
import dev.fairlead.proxy.transport.NewClients;
import dev.fairlead.proxy.transport.ReadBuffers;
import dev.fairlead.proxy.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A bound port. <em>Warming</em>: clients can connect, and wait in the system's queue.
 * <em>Active</em>: they are served. <em>Closing</em>: nobody new gets to it, those who have begun
 * to connect are served.
 */
final class Listener {

  private static final int BACKLOG = 4096;

  private final Channel channel;
  private final Accepted accepted;
  private volatile boolean active;

  private Listener(Channel channel, Accepted accepted) {
    this.channel = channel;
    this.accepted = accepted;
  }

  /**
   * Binds, warming.
   *
   * @param buffers what connections are read into
   * @param accepted told of each connection, on the acceptor's thread, before the next is accepted
   * @param connections what each begins with, on its own event loop
   * @throws IOException with a sentence that names the address
   */
  static Listener bind(
      String name,
      ListenAddress address,
      Transport transport,
      EventLoopGroup acceptor,
      EventLoopGroup loops,
      ReadBuffers buffers,
      Consumer<Channel> accepted,
      ChannelInitializer<Channel> connections)
      throws IOException {
    InetSocketAddress socketAddress =
        address
            .host()
            .map(host -> new InetSocketAddress(host, address.port()))
            .orElseGet(() -> new InetSocketAddress(address.port()));
    if (socketAddress.isUnresolved()) {
      throw new IOException(
          "listeners.%s: %s (expected: an address of this machine)".formatted(name, address));
    }
    Accepted counted = new Accepted(accepted);
    ChannelFuture bound =
        KeepAlive.ofAccepted(transport)
            .group(acceptor, loops)
            .channelFactory(transport.serverChannels())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            // Netty itself switches Nagle's algorithm off.
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, buffers)
            .handler(counted)
            .childHandler(connections)
            .bind(socketAddress)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "listeners.%s: %s (expected: a free port that this user may bind; the system says: %s)"
              .formatted(name, address, bound.cause().getMessage()),
          bound.cause());
    }
    return new Listener(bound.channel(), counted);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  void activate() {
    active = true;
    channel.config().setAutoRead(true);
  }

  /** Whether further connections are accepted, once it is active; else they wait in the queue. */
  void accept(boolean further) {
    if (active && channel.isOpen()) {
      channel.config().setAutoRead(further);
    }
  }

  boolean isActive() {
    return active;
  }

  /** Lets nobody begin to connect, so that it can be closed when those who have are accepted. */
  void keepNewClientsAway() {
    accepted.closing = true;
    NewClients.keepAway(channel);
  }

  /**
   * Waits until all who have connected are accepted, as far as there may be more connections.
   * Nobody new may get to it. Blocks.
   */
  void acceptTheRest() throws InterruptedException {
    long before;
    do {
      before = accepted.count.get();
      // Between two tasks an event loop looks at its sockets.
      for (int i = 0; i < 2; i++) {
        channel.eventLoop().submit(() -> {}).sync();
      }
    } while (accepted.count.get() > before);
  }

  void close() {
    channel.close().awaitUninterruptibly();
  }

  /** Stands before the one that gives connections to the event loops. */
  private static final class Accepted extends ChannelInboundHandlerAdapter {

    private final Consumer<Channel> accepted;

    private final AtomicLong count = new AtomicLong();

    /** Who is accepted now has begun to connect before. */
    private volatile boolean closing;

    Accepted(Consumer<Channel> accepted) {
      this.accepted = accepted;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object connection) {
      count.incrementAndGet();
      if (closing) {
        NewClients.letIn((Channel) connection);
      }
      accepted.accept((Channel) connection);
      context.fireChannelRead(connection);
    }
  }
}
