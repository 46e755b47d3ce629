package dev.fairlead.proxy.upstream;

import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.codec.proxyprotocol.ProxyHeaderWriter;
import dev.fairlead.proxy.message.ConnectionEnds;
import dev.fairlead.proxy.tls.UpstreamContexts;
import dev.fairlead.proxy.transport.KeepAlive;
import dev.fairlead.proxy.transport.ReadBuffers;
import dev.fairlead.proxy.transport.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections to endpoints: TCP, the header of the PROXY protocol and TLS where the cluster
 * wants them, and then the protocol. Thread-safe.
 */
public final class UpstreamConnector {

  private static final int MAX_CAUSES = 10;

  private final Transport transport;
  private final ReadBuffers buffers;
  private final Duration handshake;
  private final UpstreamContexts contexts;
  private final HeadBudget heads;
  private final Consumer<Channel> made;
  private final LongAdder opened = new LongAdder();

  /** Is told of the outcome, once, on the event loop. */
  interface Outcome<P> {

    void connected(P protocol);

    void failed(Throwable cause);
  }

  /**
   * @param buffers what connections are read into
   * @param handshake limit of the TLS handshake
   * @param contexts prepared for the clusters that will be asked for
   * @param heads of answers
   * @param made told of each connection, on its event loop, before it is open
   */
  public UpstreamConnector(
      Transport transport,
      ReadBuffers buffers,
      Duration handshake,
      UpstreamContexts contexts,
      HeadBudget heads,
      Consumer<Channel> made) {
    this.transport = transport;
    this.buffers = buffers;
    this.handshake = handshake;
    this.contexts = contexts;
    this.heads = heads;
    this.made = made;
  }

  /** How many connections were made so far, with TLS where that is wanted. From any thread. */
  long opened() {
    return opened.sum();
  }

  /** For the heads of answers, on all connections. */
  HeadBudget heads() {
    return heads;
  }

  /**
   * Connects on {@code loop}, after what that does now.
   *
   * @param need says how long that may take, and whom the PROXY protocol names where the cluster
   *     wants it
   * @param protocol makes the handler of a connection that is open
   */
  <P extends ChannelHandler> void connect(
      EventLoop loop,
      Endpoint endpoint,
      UpstreamPool.Need need,
      Function<Channel, P> protocol,
      Outcome<P> outcome) {
    Bootstrap bootstrap =
        KeepAlive.ofMade(transport)
            .group(loop)
            .channelFactory(transport.channels())
            // Netty itself switches Nagle's algorithm off.
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(need.connect().toMillis()))
            // An endpoint that takes no more of a request may have answered it.
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.RECVBUF_ALLOCATOR, buffers)
            .handler(new BeforeProtocol());
    // Netty tells sockets from each other by their numbers. One that is made in the turn in which
    // another was closed can get its number, and with it events that came for the other one: they
    // would close it. So it is made when those have been dealt with.
    loop.execute(
        () -> {
          ChannelFuture connecting = bootstrap.connect(endpoint.address());
          made.accept(connecting.channel());
          connecting.addListener(
              (ChannelFuture result) -> {
                if (result.isSuccess()) {
                  connected(result.channel(), endpoint, need.client(), protocol, outcome);
                } else {
                  outcome.failed(result.cause());
                }
              });
        });
  }

  private <P extends ChannelHandler> void connected(
      Channel channel,
      Endpoint endpoint,
      @Nullable ConnectionEnds client,
      Function<Channel, P> protocol,
      Outcome<P> outcome) {
    UpstreamSpec upstream = endpoint.upstream();
    if (upstream.proxyProtocol()) {
      ByteBuf header = channel.alloc().directBuffer(ProxyHeaderWriter.MAX_BYTES);
      ProxyHeaderWriter.write(client, header);
      channel.writeAndFlush(header, channel.voidPromise());
    }
    if (upstream.tls().isEmpty()) {
      begin(channel, protocol, outcome);
      return;
    }
    SslContext context = contexts.find(upstream);
    if (context == null) {
      channel.close();
      outcome.failed(new IOException("TLS with the app can't be set up (scheme.ca)"));
      return;
    }
    SslHandler tls =
        context.newHandler(
            channel.alloc(), upstream.tls().get().name(), endpoint.address().getPort());
    tls.setHandshakeTimeout(handshake.toNanos(), TimeUnit.NANOSECONDS);
    // Before the other one, which takes what it complains of.
    channel.pipeline().addFirst(tls);
    tls.handshakeFuture()
        .addListener(
            result -> {
              boolean http2 = ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
              if (!result.isSuccess()) {
                channel.close();
                outcome.failed(
                    new IOException("TLS with the app failed: " + reason(result.cause())));
              } else if (upstream.scheme().isHttp2() && !http2) {
                channel.close();
                outcome.failed(new IOException("the app does not speak HTTP/2 (scheme h2)"));
              } else {
                begin(channel, protocol, outcome);
              }
            });
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (cause instanceof CertificateException) {
        return "its certificate is not taken (scheme.name, scheme.ca, scheme.verify): "
            + cause.getMessage();
      }
      cause = cause.getCause();
    }
    return String.valueOf(failure.getMessage());
  }

  private <P extends ChannelHandler> void begin(
      Channel channel, Function<Channel, P> protocol, Outcome<P> outcome) {
    opened.increment();
    P handler = protocol.apply(channel);
    channel.pipeline().addLast(handler).remove(BeforeProtocol.class);
    outcome.connected(handler);
  }

  /** Stands in until it is known that the connection can be used. */
  private static final class BeforeProtocol extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
