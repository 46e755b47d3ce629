package dev.fairlead.proxy.codec.http2;

/** How many bytes the peer takes (RFC 9113 §6.9), on a stream or on a connection. */
final class SendWindow {

  private int available;

  SendWindow(int size) {
    this.available = size;
  }

  /** Less than 0 when the peer changed its mind (RFC 9113 §6.9.2). */
  int available() {
    return available;
  }

  void take(int bytes) {
    available -= bytes;
  }

  /**
   * Opens the window, or closes it when {@code change} is negative.
   *
   * @return false when it would be larger than 2^31-1, which is an error of the peer
   */
  boolean change(int change) {
    long changed = (long) available + change;
    available = (int) changed;
    return changed <= Integer.MAX_VALUE;
  }
}
