package dev.fairlead.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A port that is about to close. */
class NewClientsTest {

  private static final Duration MOMENT = Duration.ofMillis(300);

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void whoHasConnectedIsThereAndWhoBeginsIsNotUntilItIsRefused(String address) throws Exception {
    assumeTrue(Transport.best() == Transport.EPOLL, "the system's options are for epoll alone");
    EventLoopGroup loops = Transport.EPOLL.loops("test", 1);
    Channel port = port(address, loops);
    try (Socket before = new Socket()) {
      before.connect(port.localAddress());
      NewClients.keepAway(port);
      try (Socket later = new Socket()) {
        assertThatThrownBy(() -> connect(later, port)).isInstanceOf(SocketTimeoutException.class);
      }
      before.getOutputStream().write('x');
      port.config().setAutoRead(true);
      assertThat(before.getInputStream().read()).isEqualTo('x');

      SocketAddress closed = port.localAddress();
      port.close().sync();
      before.getOutputStream().write('y');
      assertThat(before.getInputStream().read()).isEqualTo('y');
      try (Socket later = new Socket()) {
        assertThatThrownBy(() -> later.connect(closed)).isInstanceOf(ConnectException.class);
      }
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  // Sends back what comes, once it accepts.
  private static Channel port(String address, EventLoopGroup loops) throws InterruptedException {
    return new ServerBootstrap()
        .group(loops)
        .channelFactory(Transport.EPOLL.serverChannels())
        .option(ChannelOption.AUTO_READ, false)
        .childHandler(
            new ChannelInboundHandlerAdapter() {
              @Override
              public boolean isSharable() {
                return true;
              }

              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                context.writeAndFlush(message);
              }
            })
        .bind(InetAddress.ofLiteral(address), 0)
        .sync()
        .channel();
  }

  private static void connect(Socket socket, Channel port) throws Exception {
    socket.connect(port.localAddress(), Math.toIntExact(MOMENT.toMillis()));
  }
}
