package dev.fairlead.proxy.cluster;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint after the other; those that were tried already are passed over, and new ones now and
 * then. Event loops take their turns apart from each other, beginning at different endpoints: a
 * number that all of them count up costs more than all the rest of a pick.
 */
final class RoundRobin implements Balancer {

  /** A power of two, and more than there are loops: few take the same turns. */
  private static final int TURNS =
      4 * Integer.highestOneBit(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4));

  /** Numbers in a cache line: two turns are not in the same. */
  private static final int APART = 16;

  private final AtomicIntegerArray next = new AtomicIntegerArray(TURNS * APART);

  @Override
  public @Nullable Endpoint pick(
      Candidates candidates, List<Endpoint> tried, long nowNanos, int key) {
    Endpoint[] turns = candidates.turns();
    int turn = (int) Thread.currentThread().threadId() & TURNS - 1;
    int start = turn + next.getAndIncrement(turn * APART);
    Endpoint spared = null;
    for (int i = 0; i < turns.length; i++) {
      Endpoint endpoint = turns[Math.floorMod(start + i, turns.length)];
      if (tried.contains(endpoint)) {
        continue;
      }
      if (endpoint.state().takes(nowNanos)) {
        return endpoint;
      }
      spared = spared == null ? endpoint : spared;
    }
    return spared;
  }
}
