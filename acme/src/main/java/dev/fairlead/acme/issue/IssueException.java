package dev.fairlead.acme.issue;

import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.exception.AcmeNetworkException;

/** There is no certificate yet; the message is one sentence for the owner of the name. */
public final class IssueException extends Exception {

  /** What follows. */
  public enum Sequel {
    /** Something failed, after a pause it is tried again; an order that is under way goes on. */
    TRY_AGAIN,
    /** The order is over, after a pause there is another one. */
    ORDER_ANEW,
    /** Nothing failed: {@link #notBefore} says when it goes on. */
    WAIT
  }

  private final Sequel sequel;
  private final boolean ofName;
  private final transient Optional<Instant> notBefore;

  IssueException(String message) {
    this(message, null);
  }

  IssueException(String message, @Nullable Throwable cause) {
    this(Sequel.TRY_AGAIN, message, Optional.empty(), cause, false);
  }

  private IssueException(
      Sequel sequel,
      String message,
      Optional<Instant> notBefore,
      @Nullable Throwable cause,
      boolean ofName) {
    super(message, cause);
    this.sequel = sequel;
    this.ofName = ofName;
    this.notBefore = notBefore;
  }

  static IssueException orderIsOver(String message) {
    return new IssueException(Sequel.ORDER_ANEW, message, Optional.empty(), null, false);
  }

  static IssueException postponed(String message, Instant until, @Nullable Throwable cause) {
    return new IssueException(Sequel.WAIT, message, Optional.of(until), cause, false);
  }

  /** The same, said to be the name's own trouble. */
  IssueException ofName() {
    return new IssueException(sequel, String.valueOf(getMessage()), notBefore, getCause(), true);
  }

  /** The same, said to be about one of several names; a sentence that has the name stays. */
  IssueException about(HostPattern name) {
    String said = String.valueOf(getMessage());
    return said.contains(name.toString())
        ? this
        : new IssueException(sequel, name + ": " + said, notBefore, getCause(), ofName);
  }

  /** The same with more to say. */
  IssueException with(String more) {
    return new IssueException(sequel, getMessage() + more, notBefore, getCause(), ofName);
  }

  /** The same, said to have happened where orders are tried out. */
  public IssueException atStaging(URI directory) {
    return new IssueException(
        sequel,
        "at the staging %s: %s".formatted(directory, getMessage()),
        notBefore,
        getCause(),
        ofName);
  }

  /** Whether another CA may do better: what is wrong is not the name's own DNS, CAA or port. */
  public boolean mayAnotherCaHelp() {
    return !ofName;
  }

  /** Whether the CA was not heard at all: then nothing is known of an order, either. */
  public boolean isWithoutAnswer() {
    return getCause() instanceof AcmeNetworkException;
  }

  public Sequel sequel() {
    return sequel;
  }

  /** Before when the CA does not want to be asked again, if it said so (RFC 8555 §6.6). */
  public Optional<Instant> notBefore() {
    return notBefore;
  }
}
