package dev.fairlead.acme.issue;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The CA gave no certificate; the message is one sentence for the owner of the name. */
public final class IssueException extends Exception {

  private final transient Optional<Instant> retryAfter;

  IssueException(String message) {
    this(message, Optional.empty(), null);
  }

  IssueException(String message, Optional<Instant> retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  /** Before when the CA does not want to be asked again (RFC 8555 §6.6). */
  public Optional<Instant> retryAfter() {
    return retryAfter;
  }
}
