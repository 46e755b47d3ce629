package dev.fairlead.proxy.upstream;

import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.message.UpstreamStream;
import dev.fairlead.proxy.transport.PerLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
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
   * Finds out whether an endpoint can be reached, as exchanges reach it. From any thread, without
   * waiting.
   *
   * @param limit for the connection
   * @param outcome is told once, on an event loop: null when it can
   */
  public void probe(Endpoint endpoint, Duration limit, Consumer<@Nullable Throwable> outcome) {
    EventLoop loop = loops.next();
    UpstreamPool.Need need = new UpstreamPool.Need(false, true, limit, null);
    UpstreamPool.Borrower borrower =
        new UpstreamPool.Borrower() {
          @Override
          public void acquired(UpstreamStream stream, boolean reused) {
            stream.cancel();
            outcome.accept(null);
          }

          @Override
          public void failed(Throwable cause) {
            outcome.accept(cause);
          }
        };
    if (!loop.isShuttingDown()) {
      loop.execute(() -> of(loop).acquire(endpoint, need, borrower));
    }
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
