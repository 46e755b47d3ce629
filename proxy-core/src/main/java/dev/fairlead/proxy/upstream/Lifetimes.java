package dev.fairlead.proxy.upstream;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * How long connections to endpoints are given requests, however busy they are. Whatever was decided
 * when one was made is decided anew by and by: which machine a name or a balancer behind an address
 * leads to, which certificate an app shows, how an app of many processes shares its connections out
 * among them. For one event loop.
 */
final class Lifetimes {

  /** As nginx has it. A connection in an hour costs nothing, and few apps end them earlier. */
  static final Duration LONGEST = Duration.ofHours(1);

  /** By how much one may be shorter: those that were made together do not end together. */
  static final Duration SPREAD = Duration.ofMinutes(15);

  private final LongSupplier nanoTime;
  private final RandomGenerator random;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  Lifetimes(LongSupplier nanoTime, RandomGenerator random) {
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /** When one that is made now gets no more requests, in {@code nanoTime}. */
  long endNanos() {
    return nanoTime.getAsLong() + LONGEST.toNanos() - random.nextLong(SPREAD.toNanos());
  }
}
