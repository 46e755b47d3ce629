package dev.fairlead.config.bootstrap;

/**
 * What is written to the standard output.
 *
 * @param access whether each request is a line
 */
public record LogSettings(Format format, Level level, boolean access) {

  /** How a line looks. */
  public enum Format {
    /** {@link #TEXT} on a terminal, {@link #JSON} otherwise. */
    AUTO,
    TEXT,
    JSON
  }

  /** The least severe level that is written. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }
}
