package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.cluster.WaitingRoom;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The time that one request waits for an endpoint. Event loop only, but for {@link #called}. */
final class Wait implements WaitingRoom.Guest {

  private final WaitingRoom room;
  private final int limit;
  private final EventLoop loop;
  private final Runnable look;
  private @Nullable Future<?> end;
  private boolean over;

  /**
   * @param limit of how many may wait
   * @param look whether there is an endpoint now; ends the wait when there is
   */
  Wait(WaitingRoom room, int limit, EventLoop loop, Runnable look) {
    this.room = room;
    this.limit = limit;
    this.loop = loop;
    this.look = look;
  }

  /**
   * Begins.
   *
   * @param time at most
   * @param tooLong what happens then
   * @return whether one more may wait
   */
  boolean begin(Duration time, Runnable tooLong) {
    if (!room.enter(this, limit)) {
      return false;
    }
    end =
        loop.schedule(
            () -> {
              end();
              tooLong.run();
            },
            time.toNanos(),
            TimeUnit.NANOSECONDS);
    // One may have come free before it entered.
    look.run();
    return true;
  }

  @Override
  public void called() {
    try {
      loop.execute(this::lookAgain);
    } catch (RejectedExecutionException atTheEnd) {
      // Then its client is gone, too.
    }
  }

  private void lookAgain() {
    if (over) {
      // Called, and had left: somebody else may take what it was called for.
      room.callOne();
      return;
    }
    // First, so that it is called for what comes free while it looks.
    boolean waits = room.enter(this, limit);
    look.run();
    if (!waits && !over) {
      // Others came first; it is called no more, so it looks when they have gone.
      loop.schedule(this::lookAgain, 10, TimeUnit.MILLISECONDS);
    }
  }

  /** It waits no more. Any number of times. */
  void end() {
    if (!over) {
      over = true;
      room.leave(this);
      if (end != null) {
        end.cancel(false);
      }
    }
  }
}
