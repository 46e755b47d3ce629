package dev.fairlead.app;

import dev.fairlead.app.cli.FairleadCommand;
import dev.fairlead.app.log.LogSetup;

/** The program. */
public final class Main {

  private Main() {}

  /** Runs one command and ends with its exit code (see {@code ExitCode}). */
  public static void main(String[] arguments) {
    LogSetup.early();
    System.exit(FairleadCommand.execute(arguments));
  }
}
