package dev.fairlead.app.cli;

/** Waits for the end of the process and makes it a clean one. */
final class Termination {

  private Termination() {}

  /**
   * Blocks until SIGTERM or SIGINT; then closes {@code running} and ends the process with 0, where
   * the JVM by itself would end with the signal's number, which looks like a failure.
   */
  static int await(AutoCloseable running) throws InterruptedException {
    Thread hook =
        Thread.ofPlatform()
            .name("stop")
            .unstarted(
                () -> {
                  int code = ExitCode.OK;
                  try {
                    running.close();
                  } catch (Exception e) {
                    System.err.println("stopping failed: " + e);
                    code = ExitCode.NO;
                  }
                  System.out.flush();
                  Runtime.getRuntime().halt(code);
                });
    Runtime.getRuntime().addShutdownHook(hook);
    Thread.currentThread().join();
    return ExitCode.OK;
  }
}
