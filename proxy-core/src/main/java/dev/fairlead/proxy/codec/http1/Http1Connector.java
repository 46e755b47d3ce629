package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.transport.ReadBuffers;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Makes HTTP/1.1 connections to endpoints. Thread-safe. */
public final class Http1Connector {

  private final ChannelFactory<SocketChannel> channels;
  private final Duration timeout;

  /**
   * @param timeout of the TCP handshake
   */
  public Http1Connector(ChannelFactory<SocketChannel> channels, Duration timeout) {
    this.channels = channels;
    this.timeout = timeout;
  }

  /**
   * Connects on {@code loop}.
   *
   * @param done told on {@code loop}: a connection, or why there is none
   */
  public void connect(
      EventLoop loop,
      InetSocketAddress address,
      BiConsumer<@Nullable Http1Upstream, @Nullable Throwable> done) {
    Http1Upstream upstream = new Http1Upstream();
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channelFactory(channels)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()))
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            // An endpoint that takes no more of a request may have answered it.
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.RECVBUF_ALLOCATOR, ReadBuffers.SHARED)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(upstream);
                  }
                })
            .connect(address);
    connected.addListener(
        result -> {
          if (result.isSuccess()) {
            done.accept(upstream, null);
          } else {
            done.accept(null, result.cause());
          }
        });
  }
}
