package dev.fairlead.proxy.upstream;

import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.message.ConnectionEnds;
import dev.fairlead.proxy.message.UpstreamStream;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections to endpoints of one event loop, for the exchanges of the same loop: no locks, no
 * hops between threads. All methods on the loop.
 */
public final class UpstreamPool {

  private final Http1Connections http1;
  private final Http2Connections http2;

  /** Is told of the outcome of {@link #acquire}, once. */
  public interface Borrower {

    /**
     * A stream for one request, which is to be sent at once.
     *
     * @param reused whether its connection carried a request before: then it may have died
     *     unnoticed
     */
    void acquired(UpstreamStream stream, boolean reused);

    /** No connection could be made. */
    void failed(Throwable cause);
  }

  public UpstreamPool(EventLoop loop, UpstreamConnector connector, LongSupplier nanoTime) {
    http1 = new Http1Connections(loop, connector, nanoTime);
    http2 = new Http2Connections(loop, connector, nanoTime);
    long period = Http1Connections.MAX_IDLE.toSeconds() / 5;
    loop.scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.SECONDS);
  }

  /**
   * What a request needs of a connection.
   *
   * @param repeatable whether the request may be sent again if the connection turns out to be dead
   * @param fresh whether what has carried requests before is not good enough
   * @param connect how long a new one may take to be made
   * @param client whose request it is, for clusters that want to know it from the connection; null
   *     where that is not known
   */
  public record Need(
      boolean repeatable, boolean fresh, Duration connect, @Nullable ConnectionEnds client) {}

  /** Finds or makes a connection in the way of the endpoint's cluster. */
  public void acquire(Endpoint endpoint, Need need, Borrower borrower) {
    if (endpoint.upstream().scheme().isHttp2()) {
      http2.acquire(endpoint, need, borrower);
    } else {
      http1.acquire(endpoint, need, borrower);
    }
  }

  /** Closes what is too old and what leads to an endpoint that is no more. */
  public void sweep() {
    http1.sweep();
    http2.sweep();
  }

  /** How many connections wait for a request. */
  public int idleConnections() {
    return http1.idleConnections() + http2.idleConnections();
  }
}
