package dev.fairlead.app.alert;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How often a message is tried to be sent.
 *
 * @param pauses between two tries; there is one try more
 * @param limit for each try, whatever a server does to make it longer
 */
record Tries(List<Duration> pauses, Duration limit) {

  static final Tries USUAL =
      new Tries(List.of(Duration.ofSeconds(3), Duration.ofSeconds(15)), Duration.ofSeconds(20));

  /** For one who waits for the answer. */
  static final Tries ONCE = new Tries(List.of(), Duration.ofSeconds(20));

  /** Runs a call until it succeeds, fails for good, or was tried often enough. */
  String run(Callable<String> call) throws ChannelException, InterruptedException {
    for (Duration pause : pauses) {
      try {
        return once(call);
      } catch (ChannelException e) {
        if (e.isLasting()) {
          throw e;
        }
      }
      Thread.sleep(pause);
    }
    return once(call);
  }

  private String once(Callable<String> call) throws ChannelException, InterruptedException {
    FutureTask<String> task = new FutureTask<>(call);
    Thread.ofVirtual().name("alert").start(task);
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new ChannelException("no answer within %d s".formatted(limit.toSeconds()), false);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ChannelException failed) {
        throw failed;
      }
      // Its words and its trace may name secrets.
      String what = e.getCause() == null ? "?" : e.getCause().getClass().getName();
      throw new ChannelException("failed by a mistake of the proxy: " + what, true);
    } finally {
      task.cancel(true);
    }
  }
}
