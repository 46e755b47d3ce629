package dev.fairlead.app.log;

import dev.fairlead.config.bootstrap.LogSettings;
import dev.fairlead.proxy.forward.AccessLog;

/**
 * Makes lines of exchanges. What clients sent is escaped: a line stays a line. May keep state: for
 * one thread.
 */
public sealed interface AccessLineFormat permits JsonLines, TextLines {

  /** Appends a line with its end. */
  void append(AccessLog.Entry entry, long epochMillis, StringBuilder lines);

  /** What the settings ask for. */
  static AccessLineFormat of(LogSettings log) {
    return LogSetup.isJson(log.format()) ? new JsonLines() : new TextLines();
  }
}
