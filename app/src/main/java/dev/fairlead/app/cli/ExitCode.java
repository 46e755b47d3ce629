package dev.fairlead.app.cli;

/** How a command ends, in the numbers of {@code sysexits.h} where there is one. */
final class ExitCode {

  static final int OK = 0;

  /** What was asked for does not hold. */
  static final int NO = 1;

  /** The configuration or the command line is wrong; nothing was started. */
  static final int CONFIGURATION = 64;

  /** Something of the system that is needed can't be had, a port for example. */
  static final int UNAVAILABLE = 69;

  private ExitCode() {}
}
