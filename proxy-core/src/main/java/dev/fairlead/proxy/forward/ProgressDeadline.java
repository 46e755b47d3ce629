package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.deadline.Deadline;
import dev.fairlead.proxy.deadline.DeadlineQueue;

/** Runs out when nothing moved for a while. Event loop only. */
final class ProgressDeadline extends Deadline {

  private final Runnable stalled;

  private ProgressDeadline(Runnable stalled) {
    this.stalled = stalled;
  }

  /** Begins at once. */
  static ProgressDeadline start(DeadlineQueue queue, Runnable stalled) {
    ProgressDeadline deadline = new ProgressDeadline(stalled);
    queue.set(deadline);
    return deadline;
  }

  @Override
  protected void expired() {
    stalled.run();
  }
}
