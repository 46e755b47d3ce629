package dev.fairlead.proxy.cluster;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint after the other; those that were tried already are passed over. Event loops take
 * their turns apart from each other, beginning at different endpoints: a number that all of them
 * count up costs more than all the rest of a pick.
 */
final class RoundRobin implements Balancer {

  /** A power of two, and more than there are loops: few take the same turns. */
  private static final int TURNS =
      4 * Integer.highestOneBit(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4));

  /** Numbers in a cache line: two turns are not in the same. */
  private static final int APART = 16;

  private final AtomicIntegerArray next = new AtomicIntegerArray(TURNS * APART);

  @Override
  public @Nullable Endpoint pick(Endpoint[] endpoints, List<Endpoint> tried, long nowNanos) {
    int turn = (int) Thread.currentThread().threadId() & TURNS - 1;
    int start = turn + next.getAndIncrement(turn * APART);
    for (int i = 0; i < endpoints.length; i++) {
      Endpoint endpoint = endpoints[Math.floorMod(start + i, endpoints.length)];
      if (!tried.contains(endpoint)) {
        return endpoint;
      }
    }
    return null;
  }
}
