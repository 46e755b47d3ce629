package dev.fairlead.proxy.deadline;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All deadlines of one event loop that are equally long, in the order in which they will run out.
 * One timer looks at the first of them in steps of an eighth of the length, and rests while there
 * is none; so a deadline runs out up to an eighth late, never early. Event loop only.
 */
public final class DeadlineQueue {

  private static final int STEPS = 8;
  private static final long SHORTEST_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final EventLoop loop;
  private final Duration length;
  private final long stepNanos;
  private @Nullable Deadline first;
  private @Nullable Deadline last;
  private int now;
  private boolean ticking;

  DeadlineQueue(EventLoop loop, Duration length) {
    this.loop = loop;
    this.length = length;
    this.stepNanos = Math.max(SHORTEST_STEP_NANOS, length.toNanos() / STEPS);
  }

  /** How long its deadlines are. */
  public Duration length() {
    return length;
  }

  /** Sets the deadline; one that is set already, here or elsewhere, begins anew here. */
  public void set(Deadline deadline) {
    deadline.cancel();
    append(deadline);
    if (!ticking) {
      ticking = true;
      tick();
    }
  }

  void touch(Deadline deadline) {
    if (deadline.due != now + STEPS + 1) {
      unlink(deadline);
      append(deadline);
    }
  }

  void remove(Deadline deadline) {
    unlink(deadline);
    deadline.queue = null;
  }

  // The step that is under way does not count: it may be almost over.
  private void append(Deadline deadline) {
    deadline.queue = this;
    deadline.due = now + STEPS + 1;
    deadline.before = last;
    deadline.after = null;
    if (last == null) {
      first = deadline;
    } else {
      last.after = deadline;
    }
    last = deadline;
  }

  private void unlink(Deadline deadline) {
    if (deadline.before == null) {
      first = deadline.after;
    } else {
      deadline.before.after = deadline.after;
    }
    if (deadline.after == null) {
      last = deadline.before;
    } else {
      deadline.after.before = deadline.before;
    }
  }

  private void tick() {
    loop.schedule(this::step, stepNanos, TimeUnit.NANOSECONDS);
  }

  private void step() {
    now++;
    for (Deadline next = first; next != null && next.due - now <= 0; next = first) {
      remove(next);
      next.expired();
    }
    ticking = first != null;
    if (ticking) {
      tick();
    }
  }
}
