package dev.fairlead.app.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the end of the process and makes it a clean one. */
final class Termination {

  /** How long a start that was interrupted may take to clean up. */
  private static final long START_SECONDS = 10;

  private Termination() {}

  /**
   * What starts.
   *
   * @param <E> why it could not
   */
  @FunctionalInterface
  interface Start<E extends Exception> {

    /** Returns what runs from now on. Interrupted, it ends early and leaves nothing behind. */
    AutoCloseable start() throws E, InterruptedException;
  }

  /**
   * Starts, and blocks until SIGTERM or SIGINT, which may come during the start too; then closes
   * what runs and ends the process with 0, where the JVM by itself would end with the signal's
   * number, which looks like a failure.
   *
   * @throws E as the start did
   */
  static <E extends Exception> int run(Start<E> start) throws E, InterruptedException {
    Thread starter = Thread.currentThread();
    CompletableFuture<AutoCloseable> running = new CompletableFuture<>();
    Thread hook = Thread.ofPlatform().name("stop").unstarted(() -> stop(starter, running));
    Runtime.getRuntime().addShutdownHook(hook);
    boolean started = false;
    try {
      running.complete(start.start());
      started = true;
    } finally {
      if (!started) {
        withdraw(hook, running);
      }
    }
    return untilTheEnd();
  }

  /** After a start that failed by itself the process ends as its caller says. */
  private static void withdraw(Thread hook, CompletableFuture<AutoCloseable> running) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      // a signal has ended the start, and why it failed interests nobody
      running.complete(() -> {});
      untilTheEnd();
    }
  }

  /** The end of the process is the end of this. An interrupt is not. */
  private static int untilTheEnd() {
    return new CompletableFuture<Integer>().join();
  }

  private static void stop(Thread starter, CompletableFuture<AutoCloseable> running) {
    int code = ExitCode.OK;
    try {
      if (!running.isDone()) {
        starter.interrupt();
      }
      running.get(START_SECONDS, TimeUnit.SECONDS).close();
    } catch (TimeoutException e) {
      System.err.println("stopping: the start did not end within " + START_SECONDS + " s");
      code = ExitCode.NO;
    } catch (Exception e) {
      System.err.println("stopping failed: " + e);
      code = ExitCode.NO;
    }
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }
}
