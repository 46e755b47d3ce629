package dev.fairlead.acme;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * Wakes every name once in a while, on a virtual thread of its own: what is good has to be renewed
 * one day, and what another instance stored may have gone unnoticed. Never all names at once: a
 * share would be asked for a thousand certificates at the same moment, for ever.
 */
final class Rounds implements Runnable {

  private static final int PARTS = 100;

  private final Supplier<Collection<NameKeeper>> keepers;
  private final Duration pause;

  /**
   * Makes rounds that do not begin yet.
   *
   * @param round in which each name is woken once
   */
  Rounds(Supplier<Collection<NameKeeper>> keepers, Duration round) {
    this.keepers = keepers;
    this.pause = round.dividedBy(PARTS);
  }

  @Override
  public void run() {
    try {
      for (int part = 0; ; part = (part + 1) % PARTS) {
        Thread.sleep(pause);
        wake(part);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the manager was closed
    }
  }

  private void wake(int part) {
    for (NameKeeper keeper : keepers.get()) {
      if (Math.floorMod(keeper.host().hashCode(), PARTS) == part) {
        keeper.wake();
      }
    }
  }
}
