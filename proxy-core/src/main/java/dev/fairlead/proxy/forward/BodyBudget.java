package dev.fairlead.proxy.forward;

import java.util.concurrent.atomic.AtomicLong;

/** The heap that bodies that are kept to be sent again may take together. Thread-safe. */
public final class BodyBudget {

  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param limit bytes
   */
  public BodyBudget(long limit) {
    this.limit = limit;
  }

  /** Takes so many bytes, if they are left. */
  boolean take(int bytes) {
    if (taken.addAndGet(bytes) <= limit) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  void give(int bytes) {
    taken.addAndGet(-bytes);
  }

  /** Bytes that are taken now. */
  public long taken() {
    return taken.get();
  }
}
