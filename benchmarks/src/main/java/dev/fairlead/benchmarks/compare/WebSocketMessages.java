package dev.fairlead.benchmarks.compare;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Messages over WebSockets in TLS, each sent when the one before came back: {@code
 * WebSocketMessages CONNECTIONS}, then {@link Orders}. The path is {@code /echo}. Every echo is
 * compared with what was sent. Everything runs on one thread.
 */
final class WebSocketMessages {

  private static final String KEY = "ZmFpcmxlYWQgYmVuY2ggIQ==";
  private static final ByteBuf MESSAGE =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("fairlead".repeat(12), StandardCharsets.US_ASCII));
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SslContext tls;
  private final String host;
  private final int port;
  private final long endNanos;
  private final CountDownLatch running;
  private long right;
  private long wrong;

  private WebSocketMessages(SslContext tls, int connections, int seconds, String host, int port) {
    this.tls = tls;
    this.host = host;
    this.port = port;
    this.running = new CountDownLatch(connections);
    this.endNanos = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
  }

  public static void main(String[] arguments) throws Exception {
    int connections = Integer.parseInt(arguments[0]);
    SslContext tls = Tls.client();
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    Orders.serve(
        (seconds, host, port) ->
            new WebSocketMessages(tls, connections, seconds, host, port).run(loop, connections));
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(2, TimeUnit.SECONDS);
  }

  private String run(EventLoopGroup loop, int connections) throws InterruptedException {
    long start = System.nanoTime();
    Bootstrap bootstrap =
        new Bootstrap().group(loop).channel(EpollSocketChannel.class).handler(pipeline());
    for (int i = 0; i < connections; i++) {
      bootstrap
          .connect(host, port)
          .addListener(
              connected -> {
                if (!connected.isSuccess()) {
                  wrong++;
                  running.countDown();
                }
              });
    }
    boolean ended = running.await(endNanos - start + PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    return "done=%d errors=%d seconds=%.3f"
        .formatted(right, wrong + (ended ? 0 : 1), (System.nanoTime() - start) / 1e9);
  }

  private ChannelInitializer<Channel> pipeline() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channel
            .pipeline()
            .addLast(tls.newHandler(channel.alloc(), host, port))
            .addLast(new HeadReader(WebSocketMessages::begin))
            .addLast(new WebSocketFrames())
            .addLast(new Conversation());
      }
    };
  }

  private static void begin(ChannelHandlerContext context, String head) {
    if (head.startsWith("HTTP/1.1 101 ")
        && HeadReader.field(head, "Sec-WebSocket-Accept").equals(WebSocketFrames.accept(KEY))) {
      context.writeAndFlush(WebSocketFrames.frame(context, MESSAGE, true));
    } else {
      context.close();
    }
  }

  /** One connection. When it ends early, that is an error. */
  private final class Conversation extends SimpleChannelInboundHandler<ByteBuf> {
    private boolean ended;

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
        String request =
            """
            GET /echo HTTP/1.1\r
            Host: %s:%d\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: %s\r
            \r
            """
                .formatted(host, port, KEY);
        context.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
      }
      context.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf payload) {
      if (payload.equals(MESSAGE)) {
        right++;
      } else {
        wrong++;
      }
      if (System.nanoTime() - endNanos < 0) {
        context.writeAndFlush(WebSocketFrames.frame(context, MESSAGE, true));
      } else {
        ended = true;
        context.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (!ended) {
        wrong++;
      }
      running.countDown();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
