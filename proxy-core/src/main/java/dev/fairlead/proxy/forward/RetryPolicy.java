package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.message.RequestHead;

/**
 * Whether a request is tried again, before the first byte of a response only: when no connection
 * was made, or the endpoint says that it has not looked at the request (RFC 9113 §8.7) and none of
 * its body is gone; or when a connection that had served before died without an answer, the request
 * may be repeated (RFC 9110 §9.2.2) and none of its body is gone.
 */
final class RetryPolicy {

  /** Tries of a request that was sent, in all. */
  static final int MAX_ATTEMPTS = 3;

  /**
   * Connections tried to be made for a request: many tasks of a service can die with one machine.
   */
  static final int MAX_CONNECTS = 10;

  private RetryPolicy() {}

  /**
   * @param unprocessed whether the endpoint has not looked at it
   */
  static boolean mayRetry(
      Attempt.Stage stage,
      boolean unprocessed,
      RequestHead head,
      boolean bodyBegun,
      int attemptsSoFar) {
    if (unprocessed && stage != Attempt.Stage.ANSWERED) {
      return attemptsSoFar < MAX_CONNECTS && !bodyBegun;
    }
    return switch (stage) {
      case CONNECTING -> attemptsSoFar < MAX_CONNECTS;
      case SENT_ON_REUSED -> attemptsSoFar < MAX_ATTEMPTS && head.isIdempotent() && !bodyBegun;
      case SENT, ANSWERED -> false;
    };
  }
}
