package dev.fairlead.proxy.deadline;

import org.jspecify.annotations.Nullable;

/**
 * Something that must happen in time, in at most one {@link DeadlineQueue}. To set and to cancel it
 * costs a few writes of fields, no timer. Event loop of the queue only.
 */
public abstract class Deadline {

  @Nullable DeadlineQueue queue;
  @Nullable Deadline before;
  @Nullable Deadline after;

  /** The step of the queue at which it has run out. */
  int due;

  /** It has run out; it is in no queue any more. */
  protected abstract void expired();

  /** The time begins anew; nothing when it is not set. */
  public final void touch() {
    if (queue != null) {
      queue.touch(this);
    }
  }

  public final void cancel() {
    if (queue != null) {
      queue.remove(this);
    }
  }

  public final boolean isSet() {
    return queue != null;
  }
}
