package dev.fairlead.proxy.codec.http2;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Counts what costs the proxy more than the client, and ends the connection when it is too much:
 * streams that are opened and reset at once (CVE-2023-44487), that are made to be reset by the
 * proxy (CVE-2025-8671), and frames that carry nothing (CVE-2019-9511 to 9518). Counts start again
 * after a while. Event loop only.
 */
final class FloodGuard {

  private static final long PERIOD_NANOS = Duration.ofSeconds(30).toNanos();
  private static final int MAX_RESETS = 200;
  private static final int MAX_IDLE_FRAMES = 1000;

  /** A client that takes a DATA frame may open two windows for it, and ping between. */
  private static final int FRAMES_PER_USE = 4;

  /** Some open both windows whenever their program has read a few KiB: Go's does for four. */
  private static final int BYTES_PER_FRAME = 1024;

  private final LongSupplier nanoTime;
  private long periodStart;
  private int resets;
  private int idleFrames;

  FloodGuard(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.periodStart = nanoTime.getAsLong();
  }

  /** A stream was ended by a reset, of whichever side. */
  void reset() throws ConnectionError {
    if (++resets > MAX_RESETS) {
      startAgain("too many streams are reset");
    }
  }

  /** A frame came that moves nothing by itself. */
  void idleFrame() throws ConnectionError {
    if (++idleFrames > MAX_IDLE_FRAMES) {
      startAgain("too many frames that carry nothing");
    }
  }

  /**
   * A frame of a body came that nobody wants any more. The peer may not know that yet: large ones
   * were on their way, and cost it more than us.
   *
   * @param bytes of the body that are in it
   */
  void lateFrame(int bytes) throws ConnectionError {
    if (bytes < BYTES_PER_FRAME) {
      idleFrame();
    }
  }

  /**
   * A frame came or went that idle ones may be about.
   *
   * @param bytes of a body that are in it
   */
  void usefulFrame(int bytes) {
    idleFrames = Math.max(0, idleFrames - FRAMES_PER_USE - bytes / BYTES_PER_FRAME);
  }

  // The clock is asked only when a limit is reached.
  private void startAgain(String complaint) throws ConnectionError {
    long now = nanoTime.getAsLong();
    if (now - periodStart < PERIOD_NANOS) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, complaint);
    }
    periodStart = now;
    resets = 0;
    idleFrames = 0;
  }
}
