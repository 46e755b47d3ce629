package dev.fairlead.proxy.codec;

/** The endpoint has said that it does not read a head of this size (RFC 9113 §6.5.2). */
public final class HeadTooLargeException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public HeadTooLargeException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
