package dev.fairlead.app;

import dev.fairlead.app.cli.Commands;

/** The program. */
public final class Main {

  private Main() {}

  /** Runs one command and ends with its exit code (see {@code ExitCode}). */
  public static void main(String[] arguments) throws InterruptedException {
    System.exit(Commands.execute(arguments));
  }
}
