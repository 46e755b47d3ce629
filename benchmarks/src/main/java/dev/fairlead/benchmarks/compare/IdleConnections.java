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
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * TLS connections that had one request each and stay open: {@code IdleConnections COUNT}, then
 * {@link Orders}. An order opens that many and answers when all are idle; those of the order before
 * are closed first, and {@code 0} seconds do no more than that.
 */
final class IdleConnections {

  private static final int AT_ONCE = 16;
  private static final int BODY_BYTES = 1024;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Semaphore turns = new Semaphore(AT_ONCE);
  private final SslContext tls;
  private final int count;

  private IdleConnections(SslContext tls, int count) {
    this.tls = tls;
    this.count = count;
  }

  public static void main(String[] arguments) throws Exception {
    IdleConnections idle = new IdleConnections(Tls.client(), Integer.parseInt(arguments[0]));
    Orders.serve(idle::run);
    idle.loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(2, TimeUnit.SECONDS);
  }

  private String run(int seconds, String host, int port) throws InterruptedException {
    open.close().await(PATIENCE.toMillis());
    long start = System.nanoTime();
    long end = start + PATIENCE.toNanos();
    Bootstrap bootstrap =
        new Bootstrap().group(loop).channel(EpollSocketChannel.class).handler(pipeline(host, port));
    int begun = 0;
    for (; seconds > 0 && begun < count; begun++) {
      if (!turns.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        break;
      }
      bootstrap
          .connect(host, port)
          .addListener(
              connected -> {
                if (!connected.isSuccess()) {
                  turns.release();
                }
              });
    }
    boolean quiet = turns.tryAcquire(AT_ONCE, end - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (quiet) {
      turns.release(AT_ONCE);
    }
    int held = open.size();
    return "done=%d errors=%d seconds=%.3f"
        .formatted(held, seconds == 0 ? held : count - held, (System.nanoTime() - start) / 1e9);
  }

  private ChannelInitializer<Channel> pipeline(String host, int port) {
    String request = "GET /1k HTTP/1.1\r\nHost: %s:%d\r\n\r\n".formatted(host, port);
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        SslHandler handler = tls.newHandler(channel.alloc(), host, port);
        channel.pipeline().addLast(handler).addLast(new Visit());
        handler
            .handshakeFuture()
            .addListener(
                (Future<Channel> shaken) -> {
                  if (shaken.isSuccess()) {
                    channel.writeAndFlush(
                        Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
                  }
                });
      }
    };
  }

  /** Counts as open from when the answer was right until the connection is closed. */
  private final class Visit extends SimpleChannelInboundHandler<ByteBuf> {
    private final StringBuilder answer = new StringBuilder();
    private boolean answered;

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      answer.append(message.toString(StandardCharsets.ISO_8859_1));
      int end = answer.indexOf("\r\n\r\n");
      if (end > 0 && answer.length() - end - 4 >= BODY_BYTES) {
        answered = true;
        if (answer.indexOf("HTTP/1.1 200 ") == 0) {
          open.add(context.channel());
        } else {
          context.close();
        }
        answer.setLength(0);
        answer.trimToSize();
        turns.release();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (!answered) {
        turns.release();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
