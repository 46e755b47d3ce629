package dev.fairlead.proxy.codec;

import java.io.IOException;

/** The endpoint has ended its stream (RFC 9113 §6.4). Without a stack trace: apps do it at will. */
public final class StreamResetException extends IOException {

  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * @param code the error code of the endpoint, which may be none that is known
   */
  public StreamResetException(int code) {
    super("the endpoint reset the stream (error code %d)".formatted(code));
    this.code = code;
  }

  public int code() {
    return code;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
