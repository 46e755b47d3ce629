package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.transport.PerLoop;
import dev.fairlead.proxy.upstream.UpstreamConnector;
import dev.fairlead.proxy.upstream.UpstreamPool;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.function.LongSupplier;

/** The pool of every event loop. Immutable. */
public final class UpstreamPools {

  private final EventLoopGroup loops;
  private final PerLoop<UpstreamPool> byLoop;

  public UpstreamPools(EventLoopGroup loops, UpstreamConnector connector, LongSupplier nanoTime) {
    this.loops = loops;
    this.byLoop = new PerLoop<>(loops, loop -> new UpstreamPool(loop, connector, nanoTime));
  }

  UpstreamPool of(EventLoop loop) {
    return byLoop.of(loop);
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
