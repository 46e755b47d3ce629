package dev.fairlead.acme.budget;

import java.time.Instant;

/** A limit of the CA is used up; the message is one sentence that says so, and until when. */
public final class BudgetException extends Exception {

  private final transient Instant until;
  private final boolean shared;

  /**
   * @param shared whether others wait for the same
   */
  BudgetException(String message, Instant until, boolean shared) {
    super(message);
    this.until = until;
    this.shared = shared;
  }

  /** From when on it may go on. */
  public Instant until() {
    return until;
  }

  /** Whether many names may wait for the same moment, at which there is room for one of them. */
  public boolean isShared() {
    return shared;
  }
}
