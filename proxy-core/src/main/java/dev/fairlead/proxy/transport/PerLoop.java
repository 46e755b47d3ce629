package dev.fairlead.proxy.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** One of something for each event loop of a group. Immutable; what it has may be the loop's. */
public final class PerLoop<T> {

  private final EventLoopGroup loops;
  private final IdentityHashMap<EventExecutor, T> byLoop = new IdentityHashMap<>();

  public PerLoop(EventLoopGroup loops, Function<EventLoop, T> maker) {
    this.loops = loops;
    for (EventExecutor loop : loops) {
      byLoop.put(loop, maker.apply((EventLoop) loop));
    }
  }

  /** That of a loop of the group. */
  public T of(EventLoop loop) {
    T own = byLoop.get(loop);
    if (own == null) {
      throw new IllegalStateException("an event loop of another group");
    }
    return own;
  }

  /** Those of all loops. */
  public Collection<T> all() {
    return Collections.unmodifiableCollection(byLoop.values());
  }

  /** Does something with each on its loop, unless that ends. From any thread, without waiting. */
  public void onEach(Consumer<T> action) {
    loops.forEach(loop -> on((EventLoop) loop, action));
  }

  /** The same with one of them, each in its turn. */
  public void onNext(Consumer<T> action) {
    on(loops.next(), action);
  }

  private void on(EventLoop loop, Consumer<T> action) {
    if (!loop.isShuttingDown()) {
      loop.execute(() -> action.accept(of(loop)));
    }
  }
}
