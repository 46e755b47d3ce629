package dev.fairlead.proxy.server;

import dev.fairlead.proxy.message.ConnectionEvent;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The clients' open connections. Thread-safe. */
final class Connections {

  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private volatile boolean draining;

  void add(Channel connection) {
    open.add(connection);
    // It may have been accepted while the drain began.
    if (draining) {
      connection.close();
    }
  }

  boolean isDraining() {
    return draining;
  }

  int size() {
    return open.size();
  }

  /**
   * Lets what is under way end, and closes the rest. Blocks for at most {@code limit}.
   *
   * @return how many connections had to be cut
   */
  int drain(Duration limit) throws InterruptedException {
    draining = true;
    for (Channel connection : open) {
      connection
          .eventLoop()
          .execute(() -> connection.pipeline().fireUserEventTriggered(ConnectionEvent.DRAIN));
    }
    open.newCloseFuture().await(limit.toNanos(), TimeUnit.NANOSECONDS);
    int left = open.size();
    cut();
    return left;
  }

  /** Closes all connections at once, whatever is under way. Blocks for a moment. */
  void cut() {
    draining = true;
    for (Channel connection : open) {
      EventLoop loop = connection.eventLoop();
      if (!loop.isShuttingDown()) {
        // Not through the pipeline: HTTP/2 would wait for its streams.
        loop.execute(() -> connection.unsafe().close(connection.unsafe().voidPromise()));
      }
    }
    open.newCloseFuture().awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
