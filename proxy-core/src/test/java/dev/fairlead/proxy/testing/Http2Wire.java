package dev.fairlead.proxy.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection by TLS, frame by frame. Every wait ends after a limit. For control threads.
 */
public final class Http2Wire implements AutoCloseable {

  private static final int LIMIT_SECONDS = 15;
  private static final int DEFAULT_WINDOW = 65_535;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final CompletableFuture<Long> goAway = new CompletableFuture<>();
  private final Channel connection;
  private final String host;

  public Http2Wire(ProxyFixture proxy, String host) throws Exception {
    this(proxy, host, DEFAULT_WINDOW);
  }

  /** One that takes only so many bytes of a response unread: others go on when one stops. */
  public Http2Wire(ProxyFixture proxy, String host, int windowBytes) throws Exception {
    this.host = host;
    SslContext tls =
        SslContextBuilder.forClient()
            .trustManager(ProxyFixture.ca().root())
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2))
            .build();
    this.connection =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    SslHandler handler = tls.newHandler(channel.alloc(), host, proxy.httpsPort());
                    channel
                        .pipeline()
                        .addLast(
                            handler,
                            Http2FrameCodecBuilder.forClient()
                                .initialSettings(
                                    Http2Settings.defaultSettings().initialWindowSize(windowBytes))
                                .validateHeaders(false)
                                .encoderIgnoreMaxHeaderListSize(true)
                                .build(),
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                            new Watcher());
                  }
                })
            .connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), proxy.httpsPort()))
            .sync()
            .channel();
    connection.pipeline().get(SslHandler.class).handshakeFuture().sync();
  }

  /** The last stream that the proxy says it took, once it says so. */
  public CompletableFuture<Long> goAway() {
    return goAway;
  }

  public boolean isOpen() {
    return connection.isActive();
  }

  /** Asks by GET. */
  public Exchange get(String path) throws Exception {
    return request(true, ":method", "GET", ":scheme", "https", ":authority", host, ":path", path);
  }

  /** Asks by POST; the body follows by {@link Exchange#send}. */
  public Exchange post(String path) throws Exception {
    return request(false, ":method", "POST", ":scheme", "https", ":authority", host, ":path", path);
  }

  /**
   * Asks the host of the connection.
   *
   * @param end whether no body follows
   * @param fields names and values by turns
   */
  public Exchange ask(String method, String path, boolean end, String... fields) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(":method", method, ":scheme", "https", ":authority", host, ":path", path));
    all.addAll(List.of(fields));
    return request(end, all.toArray(String[]::new));
  }

  /**
   * Sends any head.
   *
   * @param fields names and values by turns
   */
  public Exchange request(boolean end, String... fields) throws Exception {
    Http2Headers headers = new DefaultHttp2Headers(false);
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    Exchange exchange = new Exchange();
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(connection).handler(exchange).open().sync().getNow();
    exchange.stream = stream;
    stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end)).sync();
    return exchange;
  }

  /** Whether no more streams may begin now, as the proxy has said. */
  public boolean tooMany(String path) {
    try {
      get(path);
      return false;
    } catch (Exception refused) {
      return String.valueOf(refused.getMessage()).contains("Maximum active streams");
    }
  }

  @Override
  public void close() {
    connection.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** One stream. */
  public static final class Exchange extends ChannelInboundHandlerAdapter {

    private final CompletableFuture<Http2Headers> head = new CompletableFuture<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final List<Http2Headers> informational = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final AtomicLong received = new AtomicLong();
    private @Nullable Http2StreamChannel stream;
    private @Nullable Http2Headers trailers;
    private boolean keep = true;

    private Http2StreamChannel stream() {
      if (stream == null) {
        throw new IllegalStateException("not open yet");
      }
      return stream;
    }

    /** Sends body bytes; does not wait for the proxy's window. */
    public Exchange send(String text, boolean last) {
      stream()
          .writeAndFlush(
              new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), last));
      return this;
    }

    /** Sends body bytes, and waits until the proxy's windows let them go. */
    public void sendAndWait(byte[] bytes) throws Exception {
      stream()
          .writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), false))
          .sync();
    }

    /** Says that the body was all that was sent, by a frame without bytes. */
    public void endBody() {
      send("", true);
    }

    /** Sends the fields behind the body. */
    public void trailers(String name, String value) {
      stream()
          .writeAndFlush(
              new DefaultHttp2HeadersFrame(new DefaultHttp2Headers(false).add(name, value), true));
    }

    /** How many bytes of what was sent wait for the proxy's window. */
    public long unsentBytes() {
      return stream().bytesBeforeWritable();
    }

    public void reset() throws Exception {
      stream().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).sync();
    }

    /** Opens the proxy's window no further, or again. */
    public void read(boolean on) {
      stream().config().setAutoRead(on);
    }

    /** Counts the body instead of keeping it. */
    public Exchange forget() {
      keep = false;
      return this;
    }

    public Http2Headers head() throws Exception {
      return head.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether a head has come that is not informational. */
    public boolean isAnswered() {
      return head.isDone();
    }

    public int status() throws Exception {
      return Integer.parseInt(head().status().toString());
    }

    public List<Http2Headers> informational() {
      return new ArrayList<>(informational);
    }

    /** The whole body; fails when the stream is reset. */
    public String body() throws Exception {
      return end.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    public @Nullable Http2Headers trailers() throws Exception {
      body();
      return trailers;
    }

    public long received() {
      return received.get();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof Http2HeadersFrame frame) {
        headers(frame);
      } else if (message instanceof Http2DataFrame frame) {
        received.addAndGet(frame.content().readableBytes());
        if (keep) {
          body.writeBytes(ByteBufUtil.getBytes(frame.content()));
        }
        if (frame.isEndStream()) {
          end.complete(body.toString(StandardCharsets.UTF_8));
        }
      }
      ReferenceCountUtil.release(message);
    }

    private void headers(Http2HeadersFrame frame) {
      CharSequence status = frame.headers().status();
      if (status == null) {
        trailers = frame.headers();
      } else if (status.charAt(0) == '1') {
        informational.add(frame.headers());
      } else {
        head.complete(frame.headers());
      }
      if (frame.isEndStream()) {
        end.complete(body.toString(StandardCharsets.UTF_8));
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof Http2ResetFrame reset) {
        fail("reset " + Http2Error.valueOf(reset.errorCode()));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      fail("closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(cause.toString());
    }

    private void fail(String how) {
      head.completeExceptionally(new IllegalStateException(how));
      end.completeExceptionally(new IllegalStateException(how));
    }
  }

  private final class Watcher extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof Http2GoAwayFrame frame) {
        goAway.complete((long) frame.lastStreamId());
      }
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
