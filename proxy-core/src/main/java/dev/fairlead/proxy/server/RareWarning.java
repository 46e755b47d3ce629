package dev.fairlead.proxy.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * Says one thing in the log, once a minute at most, however often clients give cause to. Event
 * loops may call it. Thread-safe.
 */
final class RareWarning {

  private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong due;

  RareWarning(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.due = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * There is cause to say it.
   *
   * @return whether the log says so now
   */
  boolean tell(String sentence) {
    long all = count.incrementAndGet();
    long now = nanoTime.getAsLong();
    long next = due.get();
    boolean first = now - next >= 0 && due.compareAndSet(next, now + PAUSE_NANOS);
    if (first) {
      LoggerFactory.getLogger(RareWarning.class).warn("{}; {} so far", sentence, all);
    }
    return first;
  }

  /** How often there was cause. */
  long count() {
    return count.get();
  }
}
