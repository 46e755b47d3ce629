package dev.fairlead.proxy.forward;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs out when nothing moved for a while. A touch is one write of a field; the timer looks later.
 * Event loop only.
 */
final class ProgressDeadline {

  private final EventExecutor loop;
  private final long limitNanos;
  private final Runnable expired;
  private long lastNanos;
  private @Nullable ScheduledFuture<?> timer;

  ProgressDeadline(EventExecutor loop, Duration limit, Runnable expired) {
    this.loop = loop;
    this.limitNanos = limit.toNanos();
    this.expired = expired;
    touch();
    schedule(limitNanos);
  }

  void touch() {
    lastNanos = loop.ticker().nanoTime();
  }

  void cancel() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void schedule(long delayNanos) {
    timer = loop.schedule(this::look, delayNanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    long left = lastNanos + limitNanos - loop.ticker().nanoTime();
    if (left > 0) {
      schedule(left);
    } else {
      timer = null;
      expired.run();
    }
  }
}
