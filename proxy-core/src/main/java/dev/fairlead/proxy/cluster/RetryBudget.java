package dev.fairlead.proxy.cluster;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many requests of a cluster may be sent again: a fifth of those that it gets, and some more,
 * counted over ten seconds. So endpoints that fail because they have too much to do get little more
 * of it. Thread-safe, without locks.
 */
final class RetryBudget {

  private static final long WINDOW_NANOS = 10_000_000_000L;

  /** Of so many requests one may be sent again. */
  private static final int ONE_OF = 5;

  /** What a cluster with few requests may send again in a window. */
  private static final long AT_LEAST = 100;

  private final AtomicReference<Window> current = new AtomicReference<>(new Window(0, 0, 0, 0));
  private final LongAdder refused = new LongAdder();

  /**
   * A stretch of time.
   *
   * @param picks that there had been when it began
   * @param before picks of the one before it
   * @param retries in it
   */
  private record Window(long startNanos, long picks, long before, long retries) {

    Window at(long nowNanos, long allPicks) {
      long age = nowNanos - startNanos;
      if (age < WINDOW_NANOS) {
        return this;
      }
      long within = age < 2 * WINDOW_NANOS ? Math.max(0, allPicks - picks) : 0;
      return new Window(nowNanos, allPicks, within, 0);
    }

    // Of the window before as much counts as belongs to the last ten seconds.
    long allowed(long nowNanos, long allPicks) {
      double ofBefore = Math.max(0, 1 - (double) (nowNanos - startNanos) / WINDOW_NANOS);
      long lately = (long) (before * ofBefore) + Math.max(0, allPicks - picks);
      return AT_LEAST + lately / ONE_OF;
    }

    Window withOneMore() {
      return new Window(startNanos, picks, before, retries + 1);
    }
  }

  /**
   * Takes one, if there is any left.
   *
   * @param picks of endpoints of the cluster so far, in all
   */
  boolean take(long nowNanos, long picks) {
    while (true) {
      Window last = Objects.requireNonNull(current.get());
      Window window = last.at(nowNanos, picks);
      if (window.retries >= window.allowed(nowNanos, picks)) {
        refused.increment();
        return false;
      }
      if (current.compareAndSet(last, window.withOneMore())) {
        return true;
      }
    }
  }

  /** Looks how many requests there were; else nobody would know them when the first one fails. */
  void count(long nowNanos, long picks) {
    Window last = Objects.requireNonNull(current.get());
    Window window = last.at(nowNanos, picks);
    if (!window.equals(last)) {
      // Somebody who was faster has done the same.
      current.compareAndSet(last, window);
    }
  }

  /** How many requests were not sent again for want of it. */
  long refused() {
    return refused.sum();
  }
}
