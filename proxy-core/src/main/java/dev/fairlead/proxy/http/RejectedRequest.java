package dev.fairlead.proxy.http;

/** A request that breaks a rule. Without a stack trace: clients can make as many as they like. */
public final class RejectedRequest extends Exception {

  private static final long serialVersionUID = 1L;

  private final Failure failure;

  /**
   * @param detail for the log, without anything that the client sent
   */
  RejectedRequest(Failure failure, String detail) {
    super(detail, null, false, false);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
