package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.upstream.UpstreamConnector;
import dev.fairlead.proxy.upstream.UpstreamPool;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.IdentityHashMap;
import java.util.function.LongSupplier;

/** The pool of every event loop. Immutable. */
public final class UpstreamPools {

  private final IdentityHashMap<EventLoop, UpstreamPool> byLoop = new IdentityHashMap<>();

  public UpstreamPools(EventLoopGroup loops, UpstreamConnector connector, LongSupplier nanoTime) {
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      byLoop.put(loop, new UpstreamPool(loop, connector, nanoTime));
    }
  }

  UpstreamPool of(EventLoop loop) {
    UpstreamPool pool = byLoop.get(loop);
    if (pool == null) {
      throw new IllegalStateException("an exchange runs on a loop of another group");
    }
    return pool;
  }

  /** Closes idle connections to endpoints that left; from any thread, without waiting. */
  public void sweep() {
    byLoop.forEach(
        (loop, pool) -> {
          if (!loop.isShuttingDown()) {
            loop.execute(pool::sweep);
          }
        });
  }
}
