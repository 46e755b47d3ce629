package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.http.Failure;

/** Bytes that are no message. Without a stack trace: anybody can send any number of them. */
final class MalformedMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Failure failure;

  /**
   * @param detail for the log, without anything that was sent
   */
  MalformedMessageException(Failure failure, String detail) {
    super(detail, null, false, false);
    this.failure = failure;
  }

  static MalformedMessageException bad(String detail) {
    return new MalformedMessageException(Failure.BAD_REQUEST, detail);
  }

  /** What to answer to a client that sent them. */
  Failure failure() {
    return failure;
  }
}
