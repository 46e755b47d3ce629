package dev.fairlead.benchmarks.compare;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A new TLS 1.3 connection for every request: {@code NewConnections CHAIN.pem AT-ONCE}, then {@link
 * Orders}.
 *
 * <p>Nothing is ever resumed: the server's certificates are part of a full handshake only (RFC 8446
 * §2.2), so one that was shorter than they are counts as an error. Everything runs on one thread.
 */
final class NewConnections {

  private static final int BODY_BYTES = 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Bootstrap bootstrap;
  private final SslContext tls;
  private final String host;
  private final int port;
  private final int chainBytes;
  private final long endNanos;
  private final CountDownLatch running;
  private int right;
  private int wrong;
  private int resumed;

  private NewConnections(
      EventLoopGroup loop,
      SslContext tls,
      int chainBytes,
      int atOnce,
      Duration duration,
      String host,
      int port) {
    this.bootstrap =
        new Bootstrap().group(loop).channel(EpollSocketChannel.class).handler(pipeline());
    this.tls = tls;
    this.chainBytes = chainBytes;
    this.running = new CountDownLatch(atOnce);
    this.host = host;
    this.port = port;
    this.endNanos = System.nanoTime() + duration.toNanos();
  }

  public static void main(String[] arguments) throws Exception {
    File chain = new File(arguments[0]);
    int atOnce = Integer.parseInt(arguments[1]);
    SslContext tls = Tls.client();
    int chainBytes = bytesOf(chain);
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    Orders.serve(
        (seconds, host, port) ->
            new NewConnections(
                    loop, tls, chainBytes, atOnce, Duration.ofSeconds(seconds), host, port)
                .run(loop, atOnce));
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(2, TimeUnit.SECONDS);
  }

  private String run(EventLoopGroup loop, int atOnce) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < atOnce; i++) {
      loop.execute(this::connect);
    }
    boolean ended = running.await(endNanos - start + PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    return "done=%d errors=%d resumed=%d seconds=%.3f"
        .formatted(right, wrong + resumed + (ended ? 0 : 1), resumed, seconds);
  }

  private void connect() {
    if (System.nanoTime() - endNanos >= 0) {
      running.countDown();
      return;
    }
    bootstrap
        .connect(host, port)
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                wrong++;
                running.countDown(); // the next attempt would fail too
              }
            });
  }

  private ChannelInitializer<Channel> pipeline() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        Received received = new Received();
        channel
            .pipeline()
            .addLast(received)
            .addLast(tls.newHandler(channel.alloc(), host, port))
            .addLast(new Visit(received));
      }
    };
  }

  private static int bytesOf(File chain) throws IOException, CertificateException {
    int bytes = 0;
    try (InputStream in = new FileInputStream(chain)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        bytes += each.getEncoded().length;
      }
    }
    return bytes;
  }

  /** Counts what comes from the network, still encrypted. */
  private static final class Received extends ChannelInboundHandlerAdapter {
    private int bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      bytes += ((ByteBuf) message).readableBytes();
      context.fireChannelRead(message);
    }
  }

  /** One request and its answer, to the end of the connection. */
  private final class Visit extends SimpleChannelInboundHandler<ByteBuf> {
    private final Received received;
    private final StringBuilder answer = new StringBuilder();

    private Visit(Received received) {
      this.received = received;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
        if (received.bytes < chainBytes) {
          resumed++;
        }
        String request =
            "GET /1k HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n".formatted(host, port);
        context.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
      }
      context.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      answer.append(message.toString(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      int bodyBytes = answer.length() - answer.indexOf("\r\n\r\n") - 4;
      if (answer.indexOf("HTTP/1.1 200 ") == 0 && bodyBytes == BODY_BYTES) {
        right++;
      } else {
        wrong++;
      }
      connect();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // counted as wrong, as there is no answer
    }
  }
}
