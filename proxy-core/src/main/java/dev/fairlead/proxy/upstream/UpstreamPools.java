package dev.fairlead.proxy.upstream;

import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.transport.PerLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The pool of every event loop. Immutable. */
public final class UpstreamPools {

  private final EventLoopGroup loops;
  private final PerLoop<UpstreamPool> byLoop;

  public UpstreamPools(EventLoopGroup loops, UpstreamConnector connector, LongSupplier nanoTime) {
    this.loops = loops;
    this.byLoop = new PerLoop<>(loops, loop -> new UpstreamPool(loop, connector, nanoTime));
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
    EventLoop loop = loops.next();
    if (!loop.isShuttingDown()) {
      loop.execute(() -> check(loop, endpoint, how, outcome));
    }
  }

  private void check(
      EventLoop loop,
      Endpoint endpoint,
      HealthCheck how,
      Consumer<@Nullable CheckProblem> outcome) {
    EndpointCheck check = new EndpointCheck(how, outcome);
    check.timeout(loop.schedule(check::timedOut, how.timeout().toNanos(), TimeUnit.NANOSECONDS));
    of(loop).acquire(endpoint, new UpstreamPool.Need(false, true, how.timeout(), null), check);
  }

  /** Closes idle connections to endpoints that left; from any thread, without waiting. */
  public void sweep() {
    for (EventExecutor loop : loops) {
      if (!loop.isShuttingDown()) {
        loop.execute(byLoop.of((EventLoop) loop)::sweep);
      }
    }
  }
}
