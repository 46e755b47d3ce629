package dev.fairlead.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.proxy.cluster.Clusters;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.testing.TestLimits;
import dev.fairlead.proxy.tls.UpstreamContexts;
import dev.fairlead.proxy.transport.MemoryGauge;
import dev.fairlead.proxy.transport.ReadBuffers;
import dev.fairlead.proxy.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpstreamConnectorTest {

  private static final int COUNT = 32;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Transport transport = Transport.best();
  private final EventLoopGroup loops = transport.loops("test", 1);
  private final EventLoop loop = loops.next();
  private final UpstreamConnector connector =
      new UpstreamConnector(
          transport,
          new ReadBuffers(MemoryGauge.ofBuffers()),
          LIMIT,
          new UpstreamContexts(),
          TestLimits.anyHeads(),
          channel -> {});

  private final Queue<Connection> connected = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @AfterEach
  void end() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void connectionsThatAreMadeWhileOthersEndDoNotEndWithThem() throws Exception {
    try (ServerSocket app = new ServerSocket(0, COUNT, InetAddress.ofLiteral("127.0.0.1"))) {
      Endpoint endpoint = endpoint(app.getLocalPort());
      connect(endpoint);
      List<Socket> accepted = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        accepted.add(app.accept());
      }
      await().until(() -> connected.size() == COUNT);
      List<Connection> first = List.copyOf(connected);
      connected.clear();
      // The first that ends is the end of the others, and has all made anew.
      first.forEach(
          connection ->
              connection.ended =
                  () -> {
                    first.forEach(
                        other -> {
                          other.ended = () -> {};
                          other.channel.close();
                        });
                    connect(endpoint);
                  });

      // The loop gets to know of all the ends at the same time.
      CountDownLatch busy = new CountDownLatch(1);
      loop.execute(() -> waitFor(busy));
      for (Socket socket : accepted) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
      busy.countDown();

      await().until(() -> connected.size() + failures.size() == COUNT);
      assertThat(failures).isEmpty();
      assertThat(connected).allMatch(connection -> connection.channel.isActive());
    }
  }

  private static Endpoint endpoint(int port) {
    ClusterSpec spec =
        new ClusterSpec("app", Balance.P2C, List.of(new EndpointSpec("127.0.0.1", port)));
    return new Clusters(new StickyTokens(new byte[] {1}))
        .update(List.of(spec), 0).values().stream()
            .flatMap(cluster -> cluster.endpoints().stream())
            .findFirst()
            .orElseThrow();
  }

  private void connect(Endpoint endpoint) {
    for (int i = 0; i < COUNT; i++) {
      connector.connect(
          loop,
          endpoint,
          new UpstreamPool.Need(false, true, LIMIT, null),
          Connection::new,
          new UpstreamConnector.Outcome<Connection>() {
            @Override
            public void connected(Connection connection) {
              connected.add(connection);
            }

            @Override
            public void failed(Throwable cause) {
              failures.add(cause);
            }
          });
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Connection extends ChannelInboundHandlerAdapter {

    private final Channel channel;
    private volatile Runnable ended = () -> {};

    Connection(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable reset) {
      ended.run();
    }
  }
}
