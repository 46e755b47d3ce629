package dev.fairlead.proxy.upstream;

import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.message.ConnectionEnds;
import dev.fairlead.proxy.message.UpstreamStream;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The connections to endpoints of one event loop, for the exchanges of the same loop: no locks, no
 * hops between threads. All methods on the loop, but where it says otherwise.
 */
public final class UpstreamPool {

  private final EventLoop loop;
  private final Http1Connections http1;
  private final Http2Connections http2;
  private final AtomicLong requestsSent = new AtomicLong();
  private final AtomicLong requestsOnReused = new AtomicLong();

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

  /**
   * Has no connections yet.
   *
   * @param nanoTime as {@link System#nanoTime}
   * @param random for how old connections get
   */
  UpstreamPool(
      EventLoop loop, UpstreamConnector connector, LongSupplier nanoTime, RandomGenerator random) {
    this.loop = loop;
    Lifetimes lifetimes = new Lifetimes(nanoTime, random);
    http1 = new Http1Connections(loop, connector, nanoTime, lifetimes);
    http2 = new Http2Connections(loop, connector, nanoTime, lifetimes);
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

  /** Finds out whether an endpoint is well; see {@link UpstreamPools#check}. */
  void check(Endpoint endpoint, HealthCheck how, Consumer<@Nullable CheckProblem> outcome) {
    EndpointCheck check = new EndpointCheck(how, outcome);
    check.timeout(loop.schedule(check::timedOut, how.timeout().toNanos(), TimeUnit.NANOSECONDS));
    acquire(endpoint, new Need(false, true, how.timeout(), null), check);
  }

  /**
   * A borrower has sent the request of a visitor.
   *
   * @param reused as it was told
   */
  public void sent(boolean reused) {
    // The loop alone writes: no locked instruction is needed for each request.
    requestsSent.setOpaque(requestsSent.getPlain() + 1);
    if (reused) {
      requestsOnReused.setOpaque(requestsOnReused.getPlain() + 1);
    }
  }

  /** How many requests of visitors were sent. From any thread. */
  long requestsSent() {
    return requestsSent.getOpaque();
  }

  /** How many of them on connections that had carried others before. From any thread. */
  long requestsOnReused() {
    return requestsOnReused.getOpaque();
  }

  /** Closes what is too old and what leads to an endpoint that is no more. */
  void sweep() {
    http1.sweep();
    http2.sweep();
  }

  /** How many connections wait for a request. */
  int idleConnections() {
    return http1.idleConnections() + http2.idleConnections();
  }
}
