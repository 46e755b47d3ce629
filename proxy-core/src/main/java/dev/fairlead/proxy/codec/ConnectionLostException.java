package dev.fairlead.proxy.codec;

import java.io.IOException;

/** The other side is gone. Without a stack trace: it happens all the time. */
public final class ConnectionLostException extends IOException {

  private static final long serialVersionUID = 1L;

  public ConnectionLostException(String message) {
    super(message);
  }

  /** For who begins to listen to a stream that is gone already. */
  public static ConnectionLostException before() {
    return new ConnectionLostException("the client left before its request was forwarded");
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
