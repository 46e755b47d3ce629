package dev.fairlead.proxy.codec.http2;

/**
 * What the peer wishes (RFC 9113 §6.5.2), as far as it matters to who never pushes, has no dynamic
 * table, and sends no frame larger than all must take.
 */
final class PeerSettings {

  private static final int MAX_MAX_FRAME = (1 << 24) - 1;

  private int initialWindow = Frames.INITIAL_WINDOW;
  private long maxStreams = Long.MAX_VALUE;
  private long maxHeaderBytes = Long.MAX_VALUE;

  int initialWindow() {
    return initialWindow;
  }

  /** How many streams may be open that the peer did not begin. */
  long maxStreams() {
    return maxStreams;
  }

  /** How large a head may be, with {@link FieldReader#FIELD_BYTES} for each field. */
  long maxHeaderBytes() {
    return maxHeaderBytes;
  }

  /**
   * Applies one.
   *
   * @return by how much the windows of all streams change (RFC 9113 §6.9.2)
   */
  int apply(int id, long value) throws ConnectionError {
    switch (id) {
      case Frames.SETTINGS_ENABLE_PUSH -> {
        if (value > 1) {
          throw ConnectionError.protocol("SETTINGS_ENABLE_PUSH is neither 0 nor 1");
        }
      }
      case Frames.SETTINGS_MAX_CONCURRENT_STREAMS -> maxStreams = value;
      case Frames.SETTINGS_MAX_HEADER_LIST_SIZE -> maxHeaderBytes = value;
      case Frames.SETTINGS_MAX_FRAME_SIZE -> {
        if (value < Frames.MAX_PAYLOAD || value > MAX_MAX_FRAME) {
          throw ConnectionError.protocol("SETTINGS_MAX_FRAME_SIZE is out of range");
        }
      }
      case Frames.SETTINGS_INITIAL_WINDOW_SIZE -> {
        if (value > Integer.MAX_VALUE) {
          throw new ConnectionError(
              ErrorCode.FLOW_CONTROL_ERROR, "SETTINGS_INITIAL_WINDOW_SIZE is out of range");
        }
        int change = (int) value - initialWindow;
        initialWindow = (int) value;
        return change;
      }
      default -> {}
    }
    return 0;
  }
}
