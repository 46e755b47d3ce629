package dev.fairlead.discovery.swarm;

import java.io.IOException;

/** An answer came whole, and is not what was asked for. */
final class UnreadableAnswerException extends IOException {

  private static final long serialVersionUID = 1;

  UnreadableAnswerException(IOException cause) {
    super(cause);
  }
}
