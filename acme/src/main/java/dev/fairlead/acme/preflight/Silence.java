package dev.fairlead.acme.preflight;

import dev.fairlead.acme.dns.DnsException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a minute that DNS was waited for in vain: hundreds of names that are ordered
 * meanwhile need not wait for it, too. Thread-safe.
 */
final class Silence {

  private static final Duration LENGTH = Duration.ofMinutes(1);

  /** What takes less is an answer, be it an error, and about one name. */
  private static final Duration LONG = Duration.ofMillis(1500);

  private @Nullable DnsException last;
  private long since;

  /**
   * Called before DNS is asked.
   *
   * @throws DnsException what the last one was told, not long ago
   */
  synchronized void check() throws DnsException {
    DnsException known = last;
    if (known != null && System.nanoTime() - since < LENGTH.toNanos()) {
      throw known;
    }
    last = null;
  }

  /**
   * Called after it was asked, and told nothing.
   *
   * @param startNanos when it was asked, of {@link System#nanoTime}
   */
  synchronized void told(DnsException failure, long startNanos) {
    if (System.nanoTime() - startNanos >= LONG.toNanos()) {
      last = failure;
      since = System.nanoTime();
    }
  }
}
