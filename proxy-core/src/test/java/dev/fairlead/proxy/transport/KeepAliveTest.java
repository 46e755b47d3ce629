package dev.fairlead.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.SystemSockets;
import dev.fairlead.proxy.testing.Wire;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections on which nobody says anything are kept alive, and found out to be dead. */
@EnabledOnOs(OS.LINUX)
class KeepAliveTest {

  private static final long MAX_SECONDS = 120;

  @ParameterizedTest
  @EnumSource(Transport.class)
  void bothEndsAskWhetherTheOtherIsThere(Transport transport) throws Exception {
    EventLoopGroup loops = transport.loops("test", 1);
    CompletableFuture<Channel> accepted = new CompletableFuture<>();
    try {
      Channel listening =
          KeepAlive.ofAccepted(transport)
              .group(loops)
              .channelFactory(transport.serverChannels())
              .childHandler(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void handlerAdded(ChannelHandlerContext context) {
                      accepted.complete(context.channel());
                    }
                  })
              .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
              .sync()
              .channel();
      Channel made =
          KeepAlive.ofMade(transport)
              .group(loops)
              .channelFactory(transport.channels())
              .handler(new ChannelInboundHandlerAdapter())
              .connect(listening.localAddress())
              .sync()
              .channel();
      accepted.get(10, TimeUnit.SECONDS);

      asksSoon(port(made), port(listening));
      asksSoon(port(listening), port(made));
      if (transport == Transport.EPOLL) {
        for (Channel end : new Channel[] {made, accepted.get()}) {
          assertThat(end.config().getOption(EpollChannelOption.TCP_KEEPINTVL)).isEqualTo(30);
          assertThat(end.config().getOption(EpollChannelOption.TCP_KEEPCNT)).isEqualTo(4);
          assertThat(end.config().getOption(EpollChannelOption.TCP_NODELAY)).isTrue();
        }
      }
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  @Test
  void theProxyAsksClientsAndTasks() throws Exception {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  port.complete(connection.socket().getPort());
                  Origin.ok(connection, "a");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire plain = proxy.connect();
        Wire tls = proxy.connectTls("a.test")) {
      assertThat(plain.get("a.test", "/").read().body()).isEqualTo("a");
      assertThat(tls.get("a.test", "/").read().body()).isEqualTo("a");

      asksSoon(proxy.httpPort(), plain.socket().getLocalPort());
      asksSoon(proxy.httpsPort(), tls.socket().getLocalPort());
      asksSoon(port.get(10, TimeUnit.SECONDS), app.endpoint().port());
    }
  }

  // What was sent last is acknowledged first.
  private static void asksSoon(int from, int to) {
    await()
        .untilAsserted(
            () ->
                assertThat(SystemSockets.secondsToKeepAlive(from, to)).isBetween(0L, MAX_SECONDS));
  }

  private static int port(Channel channel) {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }
}
