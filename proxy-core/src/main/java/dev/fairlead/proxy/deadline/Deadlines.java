package dev.fairlead.proxy.deadline;

import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.proxy.transport.PerLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The queues of every event loop, by what is waited for. Immutable. */
public final class Deadlines {

  private final PerLoop<OfLoop> byLoop;

  /** The queues of one event loop. On the loop only. */
  public static final class OfLoop {

    private final EventLoop loop;
    private final DeadlineQueue head;
    private final DeadlineQueue keepAlive;
    private final DeadlineQueue progress;
    private final Map<Duration, DeadlineQueue> ofOtherLength = new HashMap<>();

    private OfLoop(EventLoop loop, TimeoutSettings timeouts) {
      this.loop = loop;
      this.head = new DeadlineQueue(loop, timeouts.header());
      this.keepAlive = new DeadlineQueue(loop, timeouts.keepAlive());
      this.progress = new DeadlineQueue(loop, timeouts.idle());
    }

    /** For a head that has begun. */
    public DeadlineQueue head() {
      return head;
    }

    /** For a connection between two requests. */
    public DeadlineQueue keepAlive() {
      return keepAlive;
    }

    /** For the next byte of an exchange. */
    public DeadlineQueue progress() {
      return progress;
    }

    /**
     * The same for one that has another length, rounded up to two digits: so there are never more
     * than some hundred queues, whatever services ask for over the months.
     */
    public DeadlineQueue progress(Duration length) {
      return ofOtherLength.computeIfAbsent(
          rounded(length), rounded -> new DeadlineQueue(loop, rounded));
    }

    static Duration rounded(Duration length) {
      long millis = length.toMillis();
      long unit = 1;
      while (millis / unit >= 100) {
        unit *= 10;
      }
      return Duration.ofMillis((millis + unit - 1) / unit * unit);
    }
  }

  public Deadlines(EventLoopGroup loops, TimeoutSettings timeouts) {
    byLoop = new PerLoop<>(loops, loop -> new OfLoop(loop, timeouts));
  }

  /** The queues of a loop of the group. */
  public OfLoop of(EventLoop loop) {
    return byLoop.of(loop);
  }
}
