package dev.fairlead.proxy.codec;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that heads may take together while their ends have not come. Each connection may always
 * hold as much as a small head needs; what is beyond that is counted over all of them, and a head
 * that would be one too many is refused. So heads that never end cannot use up the memory, however
 * many connections they come by, and who sends small ones never notices. Thread-safe.
 */
public final class HeadBudget {

  /** A head of so many bytes is never refused for the sake of others. */
  public static final int SMALL_HEAD = 4096;

  /** With where its fields lie, up to 48 of them, and the room for those that the proxy adds. */
  private static final int UNCOUNTED_BYTES = SMALL_HEAD + 1280;

  private final long limit;
  private final Runnable onRefusal;

  // One counter for all event loops, and not a share for each: they meet here for large heads only,
  // a few times for each of them, and a share of 16 loops would hold few.
  private final AtomicLong counted = new AtomicLong();

  /**
   * @param limit bytes beyond small heads, of all connections together
   * @param onRefusal told of each head that is one too many, on its event loop
   */
  public HeadBudget(long limit, Runnable onRefusal) {
    this.limit = limit;
    this.onRefusal = onRefusal;
  }

  /** For one more connection. */
  public Share share() {
    return new Share(this);
  }

  /** Bytes beyond small heads that are held now. From any thread. */
  public long counted() {
    return counted.get();
  }

  private boolean count(int bytes) {
    if (counted.addAndGet(bytes) <= limit) {
      return true;
    }
    counted.addAndGet(-bytes);
    onRefusal.run();
    return false;
  }

  /**
   * What one connection holds. Everything is given back when a head is complete or refused, and
   * when the connection ends. Event loop only.
   */
  public static final class Share {

    private final HeadBudget budget;
    private int held;

    private Share(HeadBudget budget) {
      this.budget = budget;
    }

    /**
     * So many bytes more are about to be held.
     *
     * @return whether they may be; else nothing has changed
     */
    public boolean take(int bytes) {
      int more = beyondSmall(held + bytes) - beyondSmall(held);
      if (more > 0 && !budget.count(more)) {
        return false;
      }
      held += bytes;
      return true;
    }

    /** So many bytes are held no more. */
    public void give(int bytes) {
      int less = beyondSmall(held) - beyondSmall(held - bytes);
      held -= bytes;
      if (less > 0) {
        budget.counted.addAndGet(-less);
      }
    }

    private static int beyondSmall(int bytes) {
      return Math.max(0, bytes - UNCOUNTED_BYTES);
    }
  }
}
