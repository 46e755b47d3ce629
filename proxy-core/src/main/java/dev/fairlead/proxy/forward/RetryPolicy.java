package dev.fairlead.proxy.forward;

/**
 * Whether a request is tried again, before the first byte of a response only: when no connection
 * was made; when the endpoint says that it has not looked at the request (RFC 9113 §8.7); or when
 * its connection ended without an answer, and the request may be repeated (RFC 9110 §9.2.2).
 */
final class RetryPolicy {

  /**
   * Tries of a request of which nothing was done: many tasks of a service can die with one machine.
   */
  static final int MAX_UNDONE = 10;

  private RetryPolicy() {}

  /** The answer. */
  enum Verdict {
    NEVER,
    /** It costs the endpoints nothing. */
    ALWAYS,
    /** As long as the cluster does not do so all the time. */
    WITHIN_BUDGET
  }

  /**
   * Judges a try that failed.
   *
   * @param stage that it had come to
   * @param unprocessed whether the endpoint has not looked at it
   * @param idempotent whether the request may have its effect twice
   * @param whole whether all of it is still there to be sent
   * @param tries so far
   * @param attempts of a request that was sent, at most
   */
  static Verdict judge(
      Attempt.Stage stage,
      boolean unprocessed,
      boolean idempotent,
      boolean whole,
      int tries,
      int attempts) {
    return switch (stage) {
      case CONNECTING -> tries < MAX_UNDONE ? Verdict.ALWAYS : Verdict.NEVER;
      case SENT, SENT_ON_REUSED -> {
        boolean more = unprocessed ? tries < MAX_UNDONE : idempotent && tries < attempts;
        yield more && whole ? Verdict.WITHIN_BUDGET : Verdict.NEVER;
      }
      case ANSWERED -> Verdict.NEVER;
    };
  }
}
