package dev.fairlead.proxy.server;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log that trusted peers do not begin their connections as they should: a line a minute
 * at most, whatever they do. Thread-safe.
 */
final class RefusedHeaders {

  private static final Logger LOG = LoggerFactory.getLogger(RefusedHeaders.class);
  private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong next;

  RefusedHeaders(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.next = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * A connection is closed for this reason.
   *
   * @return whether the log says so
   */
  boolean tell(InetAddress peer, String reason) {
    long all = count.incrementAndGet();
    long now = nanoTime.getAsLong();
    long due = next.get();
    boolean first = now - due >= 0 && next.compareAndSet(due, now + PAUSE_NANOS);
    if (first) {
      LOG.warn(
          "a connection of {} was closed: {} (expected: a PROXY protocol header, as"
              + " trusted.proxy-protocol says of the networks in trusted.networks); {} so far",
          peer.getHostAddress(),
          reason,
          all);
    }
    return first;
  }

  /** How many connections were closed. */
  long count() {
    return count.get();
  }
}
