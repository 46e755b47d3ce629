package dev.fairlead.proxy.deadline;

import dev.fairlead.config.bootstrap.TimeoutSettings;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.IdentityHashMap;

/** The queues of every event loop, by what is waited for. Immutable. */
public final class Deadlines {

  private final IdentityHashMap<EventLoop, OfLoop> byLoop = new IdentityHashMap<>();

  /**
   * The queues of one event loop.
   *
   * @param head for a head that has begun
   * @param keepAlive for a connection between two requests
   * @param progress for the next byte of an exchange
   */
  public record OfLoop(DeadlineQueue head, DeadlineQueue keepAlive, DeadlineQueue progress) {}

  public Deadlines(EventLoopGroup loops, TimeoutSettings timeouts) {
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      byLoop.put(
          loop,
          new OfLoop(
              queue(loop, timeouts.header()),
              queue(loop, timeouts.keepAlive()),
              queue(loop, timeouts.idle())));
    }
  }

  private static DeadlineQueue queue(EventLoop loop, Duration length) {
    return new DeadlineQueue(loop, length);
  }

  /** The queues of a loop of the group. */
  public OfLoop of(EventLoop loop) {
    OfLoop queues = byLoop.get(loop);
    if (queues == null) {
      throw new IllegalStateException("a deadline on a loop of another group");
    }
    return queues;
  }
}
