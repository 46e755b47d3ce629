package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.transport.MemoryGauge;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The heap that heads may take together. While their ends have not come each connection may always
 * hold as much as a small head needs; what is beyond that is counted over all of them, and a head
 * that would be one too many is refused. So heads that never end cannot use up the memory, however
 * many connections they come by, and who sends small ones never notices. Requests under way are
 * counted with all that they hold; whoever watches {@link #underWay()} has to end some in time.
 * Thread-safe.
 */
public final class HeadBudget {

  /** A head of so many bytes is never refused for the sake of others. */
  public static final int SMALL_HEAD = 4096;

  /** With where its fields lie, up to 48 of them, and the room for those that the proxy adds. */
  private static final int UNCOUNTED_BYTES = SMALL_HEAD + 1280;

  /** Bytes, about: the objects of an exchange, beside its head and the copy for the endpoint. */
  private static final int EACH = 3 * 1024;

  private final long limit;
  private final Runnable onRefusal;

  // One counter for all event loops, and not a share for each: they meet here for large heads only,
  // a few times for each of them, and a share of 16 loops would hold few.
  private final AtomicLong counted = new AtomicLong();

  private final LongAdder underWay = new LongAdder();
  private final MemoryGauge ofUnderWay;

  /**
   * @param limit bytes of unfinished heads beyond small ones, of all connections together
   * @param underWayLimit bytes of requests under way
   * @param onRefusal told of each head that is one too many, on its event loop
   */
  public HeadBudget(long limit, long underWayLimit, Runnable onRefusal) {
    this.limit = limit;
    this.onRefusal = onRefusal;
    this.ofUnderWay = new MemoryGauge(underWay::sum, underWayLimit);
  }

  /** For one more connection. */
  public Share share() {
    return new Share(this);
  }

  /** Bytes beyond small heads that are held now. From any thread. */
  public long counted() {
    return counted.get();
  }

  /** What the requests under way hold. From any thread. */
  public MemoryGauge underWay() {
    return ofUnderWay;
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
   * What one connection holds. What it took for a head is given back when that is complete or
   * refused, and when the connection ends. Event loop only.
   */
  public static final class Share {

    private final HeadBudget budget;
    private int held;
    private long underWay;

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

    /**
     * A request is under way.
     *
     * @param headBytes of its head
     * @return what to {@link #ended} it with
     */
    public int begun(int headBytes) {
      int bytes = 2 * headBytes + EACH;
      underWay += bytes;
      budget.underWay.add(bytes);
      boolean _ = budget.ofUnderWay.isScarce();
      return bytes;
    }

    /** It is no more; nothing when it is counted for 0. */
    public void ended(int bytes) {
      underWay -= bytes;
      budget.underWay.add(-bytes);
    }

    /** What all of them hold. */
    public long underWay() {
      return underWay;
    }

    private static int beyondSmall(int bytes) {
      return Math.max(0, bytes - UNCOUNTED_BYTES);
    }
  }
}
