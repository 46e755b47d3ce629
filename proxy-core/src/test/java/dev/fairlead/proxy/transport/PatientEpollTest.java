package dev.fairlead.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection whose peer has ended its side. */
class PatientEpollTest {

  /** Bytes. The system takes them without a reader, and the end behind them. */
  private static final int SMALL = 40_000;

  /** The system does not take them without a reader. */
  private static final int LARGE = 40_000_000;

  private final AtomicLong received = new AtomicLong();
  private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private EventLoopGroup loops = Transport.NIO.loops("test", 1);
  private Socket peer = new Socket();

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(Epoll.isAvailable());
    loops.shutdownGracefully();
    loops = Transport.EPOLL.loops("test", 1);
    Channel server =
        new ServerBootstrap()
            .group(loops)
            .channelFactory(Transport.EPOLL.serverChannels())
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Counter());
                    accepted.complete(channel);
                  }
                })
            .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
            .sync()
            .channel();
    peer.setSoTimeout(10_000);
    peer.connect(server.localAddress());
  }

  @AfterEach
  void close() throws Exception {
    peer.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  private final class Counter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      received.addAndGet(((ByteBuf) message).readableBytes());
      ((ByteBuf) message).release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event == ChannelInputShutdownEvent.INSTANCE) {
        ended.complete(null);
      }
    }
  }

  private Channel accepted() throws Exception {
    return accepted.get(10, TimeUnit.SECONDS);
  }

  @Test
  void isNotReadBeforeSomebodyWantsTo() throws Exception {
    peer.getOutputStream().write(new byte[SMALL]);
    peer.shutdownOutput();
    // Two turns of the loop that has both: what it would read at the end, it has read.
    accepted().write(Unpooled.wrappedBuffer(new byte[1]));
    accepted().eventLoop().submit(accepted()::flush).sync();
    assertThat(peer.getInputStream().read()).isZero();
    accepted().eventLoop().submit(() -> {}).sync();

    assertThat(received.get()).isZero();
    assertThat(ended).isNotDone();

    accepted().config().setAutoRead(true);
    ended.get(10, TimeUnit.SECONDS);
    assertThat(received.get()).isEqualTo(SMALL);
  }

  @Test
  void isWrittenToAgainAndAgain() throws Exception {
    accepted().config().setAutoRead(true);
    peer.shutdownOutput();
    ended.get(10, TimeUnit.SECONDS);

    // Each time more than the system takes, so that it has to wait.
    for (int i = 0; i < 3; i++) {
      var written = accepted().writeAndFlush(Unpooled.wrappedBuffer(new byte[LARGE]));
      assertThat(peer.getInputStream().readNBytes(LARGE).length).isEqualTo(LARGE);
      assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(written.isSuccess()).isTrue();
    }
  }

  @Test
  void isClosedByAResetAsSoonAsItIsReadOrWrittenTo() throws Exception {
    peer.getOutputStream().write(1);
    accepted();
    peer.setSoLinger(true, 0);
    peer.close();
    accepted().config().setAutoRead(true);

    await().until(() -> !accepted().isOpen());
  }
}
