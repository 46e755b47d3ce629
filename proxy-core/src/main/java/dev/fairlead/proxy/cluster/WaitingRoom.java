package dev.fairlead.proxy.cluster;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who waits for an endpoint of a cluster: for room at one, or for one to come. Thread-safe, without
 * locks.
 */
public final class WaitingRoom {

  private final Queue<Guest> guests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  WaitingRoom() {}

  /** Whoever waits. */
  @FunctionalInterface
  public interface Guest {

    /** Has left the room, and should look whether there is an endpoint now. On any thread. */
    void called();
  }

  /**
   * Waits from now on. Whoever enters looks once more behind it: what came free before may have
   * called nobody.
   *
   * @param limit of how many may wait
   * @return whether there is room
   */
  public boolean enter(Guest guest, int limit) {
    if (count.incrementAndGet() > limit) {
      count.decrementAndGet();
      return false;
    }
    guests.add(guest);
    return true;
  }

  /** Waits no more; nothing when it was called. */
  public void leave(Guest guest) {
    if (guests.remove(guest)) {
      count.decrementAndGet();
    }
  }

  /** There is room for one. */
  public void callOne() {
    // Mostly nobody waits, and that costs one read.
    if (count.get() > 0) {
      Guest first = guests.poll();
      if (first != null) {
        count.decrementAndGet();
        first.called();
      }
    }
  }

  /** There may be room for all who wait now. */
  void callAll() {
    for (int i = count.get(); i > 0; i--) {
      callOne();
    }
  }

  /** How many wait. */
  public int size() {
    return count.get();
  }
}
