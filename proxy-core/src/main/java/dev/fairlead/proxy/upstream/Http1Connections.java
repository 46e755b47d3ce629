package dev.fairlead.proxy.upstream;

import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.codec.http1.Http1Upstream;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections that carry one request at a time: those of one event loop that are idle. The one that
 * was used last is used next, so that those too many grow old and are closed. All methods on the
 * loop.
 */
final class Http1Connections {

  /** Well under the 60 s and more that most apps keep a connection, and Swarm's 900 s. */
  static final Duration MAX_IDLE = Duration.ofSeconds(55);

  /**
   * A request that may not be repeated takes no connection that was idle for longer: the shortest
   * keep-alive in wide use is Node's 5 s, and an app that closes just when the request arrives
   * fails it.
   */
  private static final Duration MAX_IDLE_FOR_UNREPEATABLE = Duration.ofSeconds(2);

  private static final int MAX_IDLE_PER_ENDPOINT = 64;

  private final EventLoop loop;
  private final UpstreamConnector connector;
  private final LongSupplier nanoTime;
  private final Lifetimes lifetimes;
  private final Map<Endpoint, Deque<Pooled>> idle = new HashMap<>();

  Http1Connections(
      EventLoop loop, UpstreamConnector connector, LongSupplier nanoTime, Lifetimes lifetimes) {
    this.loop = loop;
    this.connector = connector;
    this.nanoTime = nanoTime;
    this.lifetimes = lifetimes;
  }

  /**
   * Finds or makes a connection. It comes back by itself when its response has ended, but for one
   * that names its client: that is never used for another.
   */
  void acquire(Endpoint endpoint, UpstreamPool.Need need, UpstreamPool.Borrower borrower) {
    Http1Upstream reused = need.fresh() ? null : take(endpoint, need.repeatable());
    if (reused != null) {
      borrower.acquired(reused, true);
      return;
    }
    connector.connect(
        loop,
        endpoint,
        need,
        channel -> new Http1Upstream(connector.heads()),
        new UpstreamConnector.Outcome<>() {
          @Override
          public void connected(Http1Upstream connection) {
            if (!endpoint.upstream().proxyProtocol()) {
              connection.owner(new Pooled(endpoint, connection));
            }
            borrower.acquired(connection, false);
          }

          @Override
          public void failed(Throwable cause) {
            borrower.failed(cause);
          }
        });
  }

  private @Nullable Http1Upstream take(Endpoint endpoint, boolean repeatable) {
    Deque<Pooled> connections = idle.get(endpoint);
    if (connections == null) {
      return null;
    }
    Duration limit = repeatable ? MAX_IDLE : MAX_IDLE_FOR_UNREPEATABLE;
    long now = nanoTime.getAsLong();
    long oldest = now - limit.toNanos();
    while (!connections.isEmpty() && connections.getLast().idleNanos - oldest >= 0) {
      Pooled last = connections.removeLast();
      if (last.isTooOld(now)) {
        last.connection.close();
      } else if (last.connection.isActive()) {
        return last.connection;
      }
    }
    return null;
  }

  /** Closes what is too old and what leads to an endpoint that is no more. */
  void sweep() {
    long now = nanoTime.getAsLong();
    long oldest = now - MAX_IDLE.toNanos();
    idle.entrySet()
        .removeIf(
            entry -> {
              boolean retired = entry.getKey().state().isRetired();
              Deque<Pooled> connections = entry.getValue();
              connections.removeIf(
                  one -> {
                    boolean ends = retired || one.idleNanos - oldest < 0 || one.isTooOld(now);
                    if (ends) {
                      one.connection.close();
                    }
                    return ends;
                  });
              return connections.isEmpty();
            });
  }

  /** How many connections wait for a request. */
  int idleConnections() {
    return idle.values().stream().mapToInt(Deque::size).sum();
  }

  /** One that is used again and again; it is among the idle ones when it carries no request. */
  private final class Pooled implements Http1Upstream.Owner {

    private final Endpoint endpoint;
    private final Http1Upstream connection;
    private final long endNanos = lifetimes.endNanos();
    private long idleNanos;

    Pooled(Endpoint endpoint, Http1Upstream connection) {
      this.endpoint = endpoint;
      this.connection = connection;
    }

    boolean isTooOld(long now) {
      return now - endNanos >= 0;
    }

    @Override
    public void idle(Http1Upstream of) {
      long now = nanoTime.getAsLong();
      if (endpoint.state().isRetired() || isTooOld(now)) {
        of.close();
        return;
      }
      idleNanos = now;
      Deque<Pooled> connections = idle.computeIfAbsent(endpoint, key -> new ArrayDeque<>());
      connections.addLast(this);
      if (connections.size() > MAX_IDLE_PER_ENDPOINT) {
        connections.removeFirst().connection.close();
      }
    }

    @Override
    public void closed(Http1Upstream of) {
      Deque<Pooled> connections = idle.get(endpoint);
      if (connections != null) {
        connections.remove(this);
      }
    }
  }
}
