package dev.fairlead.proxy.server;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.proxy.message.ConnectionEvent;
import dev.fairlead.proxy.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The clients' open connections, and how many there may be. Thread-safe. */
final class Connections {

  /**
   * So many may let the system hold all that it takes of their output, up to 4 MiB each: large
   * downloads then cost the fewest turns.
   */
  private static final int WITH_LARGE_OUTPUT = 64;

  /**
   * What it holds of the others' that it can't send yet. All sockets of a machine share its memory
   * for TCP; a thousand clients that do not read used it up, and nobody was answered.
   */
  private static final int UNSENT_BYTES = 64 * 1024;

  /** How often it is looked whether all have ended. */
  private static final Duration LOOK = Duration.ofMillis(10);

  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final AtomicInteger count = new AtomicInteger();
  private final LongAdder accepted = new LongAdder();
  private final LimitSettings limits;
  private final ClientCounts clients;
  private final Runnable onLimit;
  private final RareWarning full = new RareWarning(System::nanoTime);
  private final RareWarning tooMany = new RareWarning(System::nanoTime);
  private volatile boolean draining;
  private volatile boolean cut;

  /**
   * @param onLimit called by any thread when {@link #hasRoom} has changed
   */
  Connections(LimitSettings limits, Runnable onLimit) {
    this.limits = limits;
    this.clients = new ClientCounts(limits.connectionsPerClient());
    this.onLimit = onLimit;
  }

  /** A connection was accepted; it counts until it is closed. On the thread that accepts. */
  void accepted(Channel connection) {
    accepted.increment();
    int now = count.incrementAndGet();
    if (now > WITH_LARGE_OUTPUT) {
      Transport.limitUnsent(connection, UNSENT_BYTES);
    }
    // Beyond the limit, too: there must not be one more.
    if (now >= limits.connections()) {
      full.tell(
          "%d connections are open, further ones wait (limits.connections)"
              .formatted(limits.connections()));
      onLimit.run();
    }
    connection.closeFuture().addListener(_ -> ended());
  }

  /**
   * A connection that was accepted begins.
   *
   * @param client who is counted; null for a peer that speaks for many
   * @return whether it may stay; else it is closed
   */
  boolean add(Channel connection, @Nullable InetAddress client) {
    if (client != null && !isOf(connection, client)) {
      return false;
    }
    open.add(connection);
    // It may have been accepted before.
    if (cut) {
      connection.close();
    }
    return true;
  }

  /**
   * It is known whose a connection is, now or from its beginning.
   *
   * @return whether that one may have one more; else it is closed
   */
  boolean isOf(Channel connection, InetAddress client) {
    if (clients.add(client)) {
      connection.closeFuture().addListener(_ -> clients.remove(client));
      return true;
    }
    tooMany.tell(
        "a client at %s has %d connections, further ones are closed (limits.connections-per-client)"
            .formatted(client.getHostAddress(), limits.connectionsPerClient()));
    connection.close();
    return false;
  }

  private void ended() {
    if (count.getAndDecrement() == limits.connections()) {
      onLimit.run();
    }
  }

  /** Whether one more may be accepted. */
  boolean hasRoom() {
    return count.get() < limits.connections();
  }

  /** Whether those who come are told to come no more. */
  boolean isDraining() {
    return draining;
  }

  /** How many are open; never more than was accepted, also while one ends and the next begins. */
  int size() {
    return count.get();
  }

  /** How many there ever were. */
  long allAccepted() {
    return accepted.sum();
  }

  /** Tells all clients, those who come from now on, too, to come no more. */
  void drain() {
    // First: who is not told below has seen this.
    draining = true;
    tell(ConnectionEvent.DRAIN);
  }

  /** Closes what was idle already when this was called the last time. */
  void closeIdle() {
    tell(ConnectionEvent.CLOSE_IDLE);
  }

  private void tell(ConnectionEvent event) {
    for (Channel connection : open) {
      connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(event));
    }
  }

  /**
   * Waits until all that were accepted have ended, those, too, that were not begun with yet.
   *
   * @return whether they have, in that time
   */
  boolean awaitEnd(long nanos) throws InterruptedException {
    long begin = System.nanoTime();
    while (count.get() > 0) {
      long left = nanos - (System.nanoTime() - begin);
      if (left <= 0) {
        return false;
      }
      Thread.sleep(Duration.ofNanos(Math.min(left, LOOK.toNanos())));
    }
    return true;
  }

  /**
   * Closes all connections at once, whatever is under way. Blocks for a moment.
   *
   * @return how many there were
   */
  int cut() {
    cut = true;
    int left = open.size();
    cut(open);
    return left;
  }

  /** Closes all of them at once. Blocks for a moment. */
  static void cut(ChannelGroup open) {
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
