package dev.fairlead.proxy.codec;

import java.io.IOException;

/**
 * The endpoint says that it has not looked at the request, so that it may be sent again, whatever
 * its method (RFC 9113 §8.7). Without a stack trace: it happens at each restart of an app.
 */
public final class UnprocessedException extends IOException {

  private static final long serialVersionUID = 1L;

  public UnprocessedException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
