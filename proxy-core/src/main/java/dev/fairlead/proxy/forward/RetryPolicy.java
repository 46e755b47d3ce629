package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.message.RequestHead;

/**
 * Whether a request is tried again, before the first byte of a response only: when no connection
 * was made; or when a connection that had served before died without an answer, the request may be
 * repeated (RFC 9110 §9.2.2) and none of its body is gone.
 */
final class RetryPolicy {

  /** Tries in all. */
  static final int MAX_ATTEMPTS = 3;

  private RetryPolicy() {}

  static boolean mayRetry(
      Attempt.Stage stage, RequestHead head, boolean bodyBegun, int attemptsSoFar) {
    if (attemptsSoFar >= MAX_ATTEMPTS) {
      return false;
    }
    return switch (stage) {
      case CONNECTING -> true;
      case SENT_ON_REUSED -> head.isIdempotent() && !bodyBegun;
      case SENT, ANSWERED -> false;
    };
  }
}
