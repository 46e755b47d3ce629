package dev.fairlead.acme.issue;

import java.io.IOException;
import java.time.Instant;
import org.shredzone.acme4j.exception.AcmeNetworkException;

/** Makes the failures that only this package makes. */
public final class Failures {

  private Failures() {}

  public static IssueException tryAgain(String message) {
    return new IssueException(message);
  }

  public static IssueException orderIsOver(String message) {
    return IssueException.orderIsOver(message);
  }

  public static IssueException postponed(String message, Instant until) {
    return IssueException.postponed(message, until, null);
  }

  public static IssueException outOfReach(String message) {
    return new IssueException(message, new AcmeNetworkException(new IOException(message)));
  }
}
