package dev.fairlead.proxy.codec.http2;

/**
 * How many bytes the peer may still send (RFC 9113 §6.9), on a stream or on a connection. What was
 * consumed is given back in halves of the window, so that few frames are spent on it.
 */
final class ReceiveWindow {

  private final int size;
  private int available;
  private int consumed;

  ReceiveWindow(int size) {
    this.size = size;
    this.available = size;
  }

  /** Whether the peer was allowed to send this much. */
  boolean receive(int bytes) {
    available -= bytes;
    return available >= 0;
  }

  /**
   * The bytes are kept no more.
   *
   * @return by how much to open the peer's window; 0 for not now
   */
  int consume(int bytes) {
    consumed += bytes;
    if (consumed < size / 2) {
      return 0;
    }
    int increment = consumed;
    available += increment;
    consumed = 0;
    return increment;
  }
}
