package dev.fairlead.acme.issue;

import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;

/** Turns what a CA answered into one sentence; the CA's text is cut and freed of line breaks. */
final class Plain {

  private static final int LONGEST_DETAIL = 300;
  private static final String ERROR = "urn:ietf:params:acme:error:";

  private static final int SERVER_ERROR = 500;
  private static final String NO_DIRECTORY =
      " (expected: acme.directory is the address of an ACME directory)";

  /** Types of problems that are the name's own: another CA would find them, too. */
  private static final Set<String> OF_NAMES =
      Set.of("connection", "incorrectResponse", "dns", "tls", "caa");

  /** Types of problems that say that a record was not seen, or another. */
  private static final Set<String> OF_RECORDS =
      Set.of("connection", "unauthorized", "incorrectResponse", "dns");

  private Plain() {}

  static IssueException failure(URI directory, Challenge challenge, Exception cause) {
    return switch (cause) {
      case AcmeRateLimitedException limited ->
          untilThen(
              "the CA's rate limit is reached: " + text(limited.getProblem()),
              limited.getRetryAfter(),
              cause);
      case CaStatusException status ->
          untilThen(
              "the CA's answer was an error, %d: %s%s"
                  .formatted(status.status(), clean(status), ofStatus(status.status())),
              status.retryAfter(),
              cause);
      case AcmeUserActionRequiredException action ->
          failed(
              "the CA wants its terms of service to be agreed to again: %s (expected: that is done at %s)"
                  .formatted(text(action.getProblem()), place(action)),
              cause);
      case AcmeServerException server -> {
        IssueException said = failed(refusal(server.getProblem(), challenge), cause);
        yield isOfName(server.getProblem()) ? said.ofName() : said;
      }
      case AcmeNetworkException network -> failed(Unreachable.sentence(directory, network), cause);
      case AcmeException other -> failed("the CA's answer was an error: " + clean(other), cause);
      default ->
          failed("the CA's answer was not understood: " + clean(cause) + NO_DIRECTORY, cause);
    };
  }

  /** What a failed challenge or order says. */
  static String sentence(Problem problem, Challenge challenge) {
    return "the CA says: " + text(problem) + ofLook(type(problem), challenge);
  }

  /** Where its owner can agree (RFC 8555 §7.3.3). */
  private static String place(AcmeUserActionRequiredException action) {
    return clean(
        action
            .getProblem()
            .getInstance()
            .or(action::getTermsOfServiceUri)
            .map(URI::toString)
            .orElse("the CA's site"));
  }

  /** An error of which the CA has said no more than this. */
  private static String ofStatus(int status) {
    return status >= SERVER_ERROR ? " (expected: nothing to change, it passes)" : NO_DIRECTORY;
  }

  /** What a request says that was refused: it is unauthorized when its account is. */
  private static String refusal(Problem problem, Challenge challenge) {
    return type(problem).equals("unauthorized")
        ? "the CA says: %s (expected: an account that may do this; fix: at the CA, or, where it has closed the account, remove account.key.pem and account.json on the storage, and another one is made)"
            .formatted(text(problem))
        : sentence(problem, challenge);
  }

  private static String ofLook(String type, Challenge challenge) {
    if (challenge == Challenge.DNS_01 && OF_RECORDS.contains(type)) {
      return " (expected: the record that was set at every server of its zone; a longer"
          + " acme.dns.wait where they are slow)";
    }
    if (challenge == Challenge.DNS_PERSIST_01 && OF_RECORDS.contains(type)) {
      return " (expected: the record that `fairlead certs record` prints, at every server of its"
          + " zone)";
    }
    return switch (type) {
      case "connection", "unauthorized", "incorrectResponse", "tls" ->
          " (expected: the name's DNS leads here, and the router forwards ports 80 and 443)";
      default -> hint(type);
    };
  }

  private static String hint(String type) {
    return switch (type) {
      case "dns" -> " (expected: a DNS entry for the name)";
      case "caa" -> " (expected: a CAA entry that allows this CA, or none)";
      case "externalAccountRequired" ->
          " (expected: acme.eab.key-id and acme.eab.hmac-key, as it gives them to its customers)";
      case "invalidContact", "unsupportedContact" -> " (expected: another acme.email, or none)";
      case "rejectedIdentifier" ->
          " (expected: another name, another acme.directory, or fairlead.tls=local)";
      case "invalidProfile" -> " (expected: another acme.profile)";
      default -> "";
    };
  }

  private static IssueException untilThen(
      String message, Optional<Instant> retryAfter, Exception cause) {
    return retryAfter
        .map(until -> IssueException.postponed(message, until, cause))
        .orElseGet(() -> failed(message, cause));
  }

  /** Whether a problem is the name's own: another CA would find it, too. */
  static boolean isOfName(Problem problem) {
    return OF_NAMES.contains(type(problem));
  }

  /** Whether the CA does not know what was asked for, or says that it is somebody else's. */
  static boolean isUnknown(AcmeException cause) {
    return switch (cause) {
      case CaStatusException status -> status.status() == 404 || status.status() == 410;
      case AcmeServerException server ->
          Set.of("malformed", "unauthorized").contains(type(server.getProblem()));
      default -> false;
    };
  }

  /** Whether the CA does not want to certify this key, and would want another. */
  static boolean isAboutKey(AcmeException cause) {
    return cause instanceof AcmeServerException server
        && Set.of("badCSR", "badPublicKey").contains(type(server.getProblem()));
  }

  /** Whether the CA does not know the account it gave us once. */
  static boolean isAccountUnknown(Exception cause) {
    return cause instanceof AcmeServerException server
        && type(server.getProblem()).equals("accountDoesNotExist");
  }

  /** The type of a problem without its prefix; empty when it has none. */
  static String type(Problem problem) {
    try {
      String type = problem.getType().toString();
      return type.startsWith(ERROR) ? type.substring(ERROR.length()) : type;
    } catch (RuntimeException e) {
      return "";
    }
  }

  private static String text(Problem problem) {
    try {
      return clean(problem.toString());
    } catch (RuntimeException e) {
      return "an error without a text";
    }
  }

  private static String clean(Exception cause) {
    return clean(Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName()));
  }

  /** Cut, and on one line; nothing of it moves a terminal's cursor or turns its text round. */
  static String clean(String text) {
    String line = text.replaceAll("[\\p{C}\\p{Z}\\s]+", " ").strip();
    return line.length() <= LONGEST_DETAIL ? line : line.substring(0, LONGEST_DETAIL) + "…";
  }

  private static IssueException failed(String message, Exception cause) {
    return new IssueException(message, cause);
  }
}
