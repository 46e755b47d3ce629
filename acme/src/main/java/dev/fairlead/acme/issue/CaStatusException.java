package dev.fairlead.acme.issue;

import java.time.Instant;
import java.util.Optional;
import org.shredzone.acme4j.exception.AcmeException;

/** The CA, or what stands before it, answered with an error; acme4j keeps only its text. */
final class CaStatusException extends AcmeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Optional<Instant> retryAfter;

  CaStatusException(int status, Optional<Instant> retryAfter, AcmeException cause) {
    super(String.valueOf(cause.getMessage()), cause);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  int status() {
    return status;
  }

  /** Before when it does not want to be asked again. */
  Optional<Instant> retryAfter() {
    return retryAfter;
  }
}
