package dev.fairlead.proxy.codec.http2;

/**
 * The peer broke the protocol so that nothing of the connection can be used any more (RFC 9113
 * §5.4.1). Without a stack trace: anybody can cause any number.
 */
final class ConnectionError extends Exception {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  ConnectionError(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  static ConnectionError protocol(String message) {
    return new ConnectionError(ErrorCode.PROTOCOL_ERROR, message);
  }

  ErrorCode code() {
    return code;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
