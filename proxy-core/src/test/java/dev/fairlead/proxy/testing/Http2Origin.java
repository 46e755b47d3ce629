package dev.fairlead.proxy.testing;

import dev.fairlead.config.routing.EndpointSpec;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * An app behind the proxy that speaks HTTP/2 by Netty's codec, and does what a script says: one
 * virtual thread for each request.
 */
public final class Http2Origin implements AutoCloseable {

  private static final int LIMIT_SECONDS = 15;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<Channel> connections = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final Script script;
  private final Channel server;

  /** What happens with one request, from its head on. */
  @FunctionalInterface
  public interface Script {
    void run(Stream stream) throws Exception;
  }

  private Http2Origin(Http2Settings settings, @Nullable SslContext tls, Script script) {
    this.script = script;
    this.server =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    begin(channel, settings, tls);
                  }
                })
            .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
            .awaitUninterruptibly()
            .channel();
  }

  /** Without TLS. */
  public static Http2Origin plain(Script script) {
    return plain(Http2Settings.defaultSettings(), script);
  }

  /** Without TLS, with settings of its own. */
  public static Http2Origin plain(Http2Settings settings, Script script) {
    return new Http2Origin(settings, null, script);
  }

  /**
   * With TLS.
   *
   * @param protocols that it agrees to
   */
  public static Http2Origin tls(TestCa.Identity identity, List<String> protocols, Script script) {
    try {
      SslContext tls =
          SslContextBuilder.forServer(identity.key(), identity.certificate())
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      protocols))
              .build();
      return new Http2Origin(Http2Settings.defaultSettings(), tls, script);
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of the protocol that scheme h2 asks for. */
  public static Http2Origin tls(TestCa.Identity identity, Script script) {
    return tls(identity, List.of(ApplicationProtocolNames.HTTP_2), script);
  }

  private void begin(Channel channel, Http2Settings settings, @Nullable SslContext tls) {
    connections.add(channel);
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }
    channel
        .pipeline()
        .addLast(
            Http2FrameCodecBuilder.forServer()
                .initialSettings(settings)
                .validateHeaders(false)
                .build(),
            new Http2MultiplexHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    stream.pipeline().addLast(new Stream(stream));
                  }
                }));
  }

  public EndpointSpec endpoint() {
    return new EndpointSpec("127.0.0.1", ((InetSocketAddress) server.localAddress()).getPort());
  }

  /** How many connections were made to it so far. */
  public int connections() {
    return connections.size();
  }

  /** How many of them are open. */
  public long openConnections() {
    return connections.stream().filter(Channel::isActive).count();
  }

  /** How many requests have begun. */
  public int requests() {
    return requests.get();
  }

  /** Says on all connections that no further stream is looked at. */
  public void goAway() {
    for (Channel connection : connections) {
      connection.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
    }
  }

  /** Closes all connections without a word. */
  public void cut() {
    connections.forEach(connection -> connection.close().awaitUninterruptibly());
  }

  @Override
  public void close() {
    server.close().awaitUninterruptibly();
    cut();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** One request and its response. */
  public final class Stream extends ChannelInboundHandlerAdapter {

    private final Channel channel;
    private final CompletableFuture<String> body = new CompletableFuture<>();
    private final CompletableFuture<Long> reset = new CompletableFuture<>();
    private final ByteBuf received = Unpooled.buffer();
    private final AtomicLong receivedBytes = new AtomicLong();
    private volatile Http2Headers head = new DefaultHttp2Headers();
    private volatile @Nullable Http2Headers trailers;
    private boolean begun;

    private Stream(Channel channel) {
      this.channel = channel;
    }

    public Http2Headers head() {
      return head;
    }

    /** Text of a field of the head; empty when there is none. */
    public String field(String name) {
      CharSequence value = head.get(name);
      return value == null ? "" : value.toString();
    }

    /** The whole body; waits for it. */
    public String body() throws Exception {
      return body.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** The fields behind the body; waits for the end. */
    public @Nullable Http2Headers trailers() throws Exception {
      body();
      return trailers;
    }

    /** The code of the reset that the proxy sends; waits for it. */
    public long awaitReset() throws Exception {
      return reset.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    public long receivedBytes() {
      return receivedBytes.get();
    }

    /** Opens the proxy's window no further, or again. */
    public void read(boolean on) {
      channel.config().setAutoRead(on);
    }

    /** A head, informational or final. */
    public Stream head(int status, boolean end, String... fields) {
      Http2Headers headers = new DefaultHttp2Headers(false).status(Integer.toString(status));
      for (int i = 0; i < fields.length; i += 2) {
        headers.add(fields[i], fields[i + 1]);
      }
      channel.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end));
      return this;
    }

    public Stream data(String text, boolean end) {
      return data(text.getBytes(StandardCharsets.UTF_8), end);
    }

    public Stream data(byte[] bytes, boolean end) {
      channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), end));
      return this;
    }

    /** How many bytes of what was sent wait for the proxy's window. */
    public long unsentBytes() {
      return channel.bytesBeforeWritable();
    }

    /** Whether the proxy's window takes what is written. */
    public boolean isWritable() {
      return channel.isWritable();
    }

    public void trailers(String name, String value) {
      channel.writeAndFlush(
          new DefaultHttp2HeadersFrame(new DefaultHttp2Headers(false).add(name, value), true));
    }

    /** A whole answer. */
    public void answer(String text) {
      head(200, false).data(text, true);
    }

    public void reset(Http2Error error) {
      channel.writeAndFlush(new DefaultHttp2ResetFrame(error));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof Http2HeadersFrame frame) {
        headers(frame);
      } else if (message instanceof Http2DataFrame frame) {
        receivedBytes.addAndGet(frame.content().readableBytes());
        received.writeBytes(ByteBufUtil.getBytes(frame.content()));
        if (frame.isEndStream()) {
          ended();
        }
      }
      ReferenceCountUtil.release(message);
    }

    private void headers(Http2HeadersFrame frame) {
      if (begun) {
        trailers = frame.headers();
      } else {
        begun = true;
        head = frame.headers();
        requests.incrementAndGet();
        Thread.ofVirtual().start(this::play);
      }
      if (frame.isEndStream()) {
        ended();
      }
    }

    private void ended() {
      body.complete(received.toString(StandardCharsets.UTF_8));
    }

    private void play() {
      try {
        script.run(this);
      } catch (Exception e) {
        body.completeExceptionally(e);
        channel.close();
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof Http2ResetFrame frame) {
        reset.complete(frame.errorCode());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
