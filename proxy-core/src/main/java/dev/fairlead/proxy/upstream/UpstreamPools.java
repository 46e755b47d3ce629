package dev.fairlead.proxy.upstream;

import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.transport.PerLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The pool of every event loop. Immutable. */
public final class UpstreamPools {

  private final UpstreamConnector connector;
  private final PerLoop<UpstreamPool> byLoop;

  public UpstreamPools(EventLoopGroup loops, UpstreamConnector connector, LongSupplier nanoTime) {
    this.connector = connector;
    this.byLoop =
        new PerLoop<>(
            loops, loop -> new UpstreamPool(loop, connector, nanoTime, new SplittableRandom()));
  }

  /** That of a loop, for use on it. */
  public UpstreamPool of(EventLoop loop) {
    return byLoop.of(loop);
  }

  /**
   * Finds out whether an endpoint is well, by a new connection. From any thread, without waiting.
   *
   * @param outcome is told once, on an event loop: null when it is, else what is wrong
   */
  public void check(Endpoint endpoint, HealthCheck how, Consumer<@Nullable CheckProblem> outcome) {
    byLoop.onNext(pool -> pool.check(endpoint, how, outcome));
  }

  /** Closes idle connections to endpoints that left; from any thread, without waiting. */
  public void sweep() {
    byLoop.onEach(UpstreamPool::sweep);
  }

  /** How many connections to endpoints were made so far, those of checks too. From any thread. */
  public long connectionsOpened() {
    return connector.opened();
  }

  /** How many requests were sent to endpoints so far. From any thread. */
  public long requestsSent() {
    return byLoop.all().stream().mapToLong(UpstreamPool::requestsSent).sum();
  }

  /** How many of them on connections that had carried others before. From any thread. */
  public long requestsOnReused() {
    return byLoop.all().stream().mapToLong(UpstreamPool::requestsOnReused).sum();
  }
}
