package dev.fairlead.proxy.codec.hpack;

/**
 * A block that can't be decoded: an error of the connection, COMPRESSION_ERROR (RFC 9113 §4.3).
 * Without a stack trace: clients can make as many as they like.
 */
public final class HpackException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param detail for the log, without anything that the client sent
   */
  HpackException(String detail) {
    super(detail, null, false, false);
  }
}
