package dev.fairlead.acme.challenge;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log why answers could not be looked up: anybody can ask any number of times, so it
 * says so once a minute at most. Event loops may call it. Thread-safe.
 */
final class LookupTrouble {

  private static final Logger LOG = LoggerFactory.getLogger(LookupTrouble.class);
  private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong due;

  LookupTrouble(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.due = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * An answer could not be looked up.
   *
   * @return whether the log says so now
   */
  boolean tell(String why) {
    long all = count.incrementAndGet();
    long now = nanoTime.getAsLong();
    long next = due.get();
    boolean says = now - next >= 0 && due.compareAndSet(next, now + PAUSE_NANOS);
    if (says) {
      LOG.warn(
          "a challenge could not be looked up, and the CA may have asked: {}; {} so far", why, all);
    }
    return says;
  }
}
