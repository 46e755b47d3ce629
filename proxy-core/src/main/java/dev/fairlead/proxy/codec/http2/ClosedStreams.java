package dev.fairlead.proxy.codec.http2;

import org.jspecify.annotations.Nullable;

/**
 * The last streams that ended, and how: what still comes for one that was reset here must be
 * ignored, for the client could not know, and what comes for any other is an error (RFC 9113 §5.1).
 */
final class ClosedStreams {

  private static final int REMEMBERED_AT_LEAST = 256;

  enum How {
    UNKNOWN,
    ENDED,
    RESET_HERE
  }

  /** A stream's number, negative when it was reset here. Made when first needed. */
  private int @Nullable [] ring;

  private final int remembered;
  private int next;

  /**
   * Remembers twice as many as can be open.
   *
   * @param open how many that is
   */
  ClosedStreams(int open) {
    this.remembered = Math.max(REMEMBERED_AT_LEAST, 2 * open);
  }

  void add(int stream, boolean resetHere) {
    if (ring == null) {
      ring = new int[remembered];
    }
    ring[next] = resetHere ? -stream : stream;
    next = (next + 1) % remembered;
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
