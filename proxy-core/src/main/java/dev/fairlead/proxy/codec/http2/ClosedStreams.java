package dev.fairlead.proxy.codec.http2;

import org.jspecify.annotations.Nullable;

/**
 * The last streams that ended, and how: what still comes for one that was reset here must be
 * ignored, for the client could not know, and what comes for any other is an error (RFC 9113 §5.1).
 */
final class ClosedStreams {

  /** Twice as many as can be open. */
  private static final int REMEMBERED = 256;

  enum How {
    UNKNOWN,
    ENDED,
    RESET_HERE
  }

  /** A stream's number, negative when it was reset here. Made when first needed. */
  private int @Nullable [] ring;

  private int next;

  void add(int stream, boolean resetHere) {
    if (ring == null) {
      ring = new int[REMEMBERED];
    }
    ring[next] = resetHere ? -stream : stream;
    next = (next + 1) % REMEMBERED;
  }

  How find(int stream) {
    if (ring != null) {
      for (int entry : ring) {
        if (entry == stream) {
          return How.ENDED;
        }
        if (entry == -stream) {
          return How.RESET_HERE;
        }
      }
    }
    return How.UNKNOWN;
  }
}
