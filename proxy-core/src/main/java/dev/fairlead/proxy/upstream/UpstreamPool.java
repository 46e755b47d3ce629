package dev.fairlead.proxy.upstream;

import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.codec.http1.Http1Connector;
import dev.fairlead.proxy.codec.http1.Http1Upstream;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections of one event loop, for the exchanges of the same loop: no locks, no hops
 * between threads. The connection that was used last is used next, so that those too many grow old
 * and are closed. All methods on the loop.
 */
public final class UpstreamPool {

  /** Well under the 60 s and more that most apps keep a connection, and Swarm's 900 s. */
  private static final Duration MAX_IDLE = Duration.ofSeconds(55);

  /**
   * A request that may not be repeated takes no connection that was idle for longer: the shortest
   * keep-alive in wide use is Node's 5 s, and an app that closes just when the request arrives
   * fails it.
   */
  private static final Duration MAX_IDLE_FOR_UNREPEATABLE = Duration.ofSeconds(2);

  private static final int MAX_IDLE_PER_ENDPOINT = 64;

  private final EventLoop loop;
  private final Http1Connector connector;
  private final LongSupplier nanoTime;
  private final Map<Endpoint, Deque<Idle>> idle = new HashMap<>();

  private record Idle(Http1Upstream connection, long sinceNanos) {}

  /** Is told of the outcome of {@link #acquire}, once. */
  public interface Borrower {

    /**
     * Here it is.
     *
     * @param reused whether it carried a request before: then it may have died unnoticed
     */
    void acquired(Http1Upstream connection, boolean reused);

    /** No connection could be made. */
    void failed(Throwable cause);
  }

  public UpstreamPool(EventLoop loop, Http1Connector connector, LongSupplier nanoTime) {
    this.loop = loop;
    this.connector = connector;
    this.nanoTime = nanoTime;
    long period = MAX_IDLE.toSeconds() / 5;
    loop.scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.SECONDS);
  }

  /**
   * Finds or makes a connection. It comes back by itself when its response has ended.
   *
   * @param repeatable whether the request may be sent again if the connection turns out to be dead
   * @param fresh whether it must be a new one
   * @param connect how long a new one may take to be made
   */
  public void acquire(
      Endpoint endpoint, boolean repeatable, boolean fresh, Duration connect, Borrower borrower) {
    Http1Upstream reused = fresh ? null : take(endpoint, repeatable);
    if (reused != null) {
      borrower.acquired(reused, true);
      return;
    }
    connector.connect(
        loop,
        endpoint.address(),
        connect,
        (connection, cause) -> {
          if (connection == null) {
            borrower.failed(cause == null ? new IllegalStateException("no cause") : cause);
          } else {
            connection.owner(new OwnerOf(endpoint));
            borrower.acquired(connection, false);
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
  public void sweep() {
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
  public int idleConnections() {
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
