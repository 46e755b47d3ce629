package dev.fairlead.proxy.upstream;

import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.codec.http1.Http1Upstream;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
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
  private final Map<Endpoint, Deque<Idle>> idle = new HashMap<>();

  private record Idle(Http1Upstream connection, long sinceNanos) {}

  Http1Connections(EventLoop loop, UpstreamConnector connector, LongSupplier nanoTime) {
    this.loop = loop;
    this.connector = connector;
    this.nanoTime = nanoTime;
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
              connection.owner(new OwnerOf(endpoint));
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
    Deque<Idle> connections = idle.get(endpoint);
    if (connections == null) {
      return null;
    }
    Duration limit = repeatable ? MAX_IDLE : MAX_IDLE_FOR_UNREPEATABLE;
    long oldest = nanoTime.getAsLong() - limit.toNanos();
    while (!connections.isEmpty() && connections.getLast().sinceNanos - oldest >= 0) {
      Http1Upstream connection = connections.removeLast().connection;
      if (connection.isActive()) {
        return connection;
      }
    }
    return null;
  }

  /** Closes what is too old and what leads to an endpoint that is no more. */
  void sweep() {
    long oldest = nanoTime.getAsLong() - MAX_IDLE.toNanos();
    Iterator<Map.Entry<Endpoint, Deque<Idle>>> entries = idle.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Endpoint, Deque<Idle>> entry = entries.next();
      boolean retired = entry.getKey().state().isRetired();
      Deque<Idle> connections = entry.getValue();
      while (!connections.isEmpty()
          && (retired || connections.getFirst().sinceNanos - oldest < 0)) {
        connections.removeFirst().connection.close();
      }
      if (connections.isEmpty()) {
        entries.remove();
      }
    }
  }

  /** How many connections wait for a request. */
  int idleConnections() {
    return idle.values().stream().mapToInt(Deque::size).sum();
  }

  private final class OwnerOf implements Http1Upstream.Owner {

    private final Endpoint endpoint;

    OwnerOf(Endpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public void idle(Http1Upstream connection) {
      if (endpoint.state().isRetired()) {
        connection.close();
        return;
      }
      Deque<Idle> connections = idle.computeIfAbsent(endpoint, key -> new ArrayDeque<>());
      connections.addLast(new Idle(connection, nanoTime.getAsLong()));
      if (connections.size() > MAX_IDLE_PER_ENDPOINT) {
        connections.removeFirst().connection.close();
      }
    }

    @Override
    public void closed(Http1Upstream connection) {
      Deque<Idle> connections = idle.get(endpoint);
      if (connections != null) {
        connections.removeIf(entry -> entry.connection == connection);
      }
    }
  }
}
