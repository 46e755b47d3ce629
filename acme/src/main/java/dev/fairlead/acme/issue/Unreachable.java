package dev.fairlead.acme.issue;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.shredzone.acme4j.exception.AcmeNetworkException;

/** Why a CA cannot be reached, in one sentence with what to change here. */
final class Unreachable {

  private static final int HTTPS_PORT = 443;
  private static final int MOST_CAUSES = 16;

  private Unreachable() {}

  static String sentence(URI directory, AcmeNetworkException network) {
    Throwable cause = Optional.ofNullable(network.getCause()).orElse(network);
    return "the CA at %s cannot be reached: %s%s"
        .formatted(directory, Plain.clean(said(cause)), hint(directory, cause));
  }

  /** The JDK says of a connection that failed only in the causes why. */
  private static String said(Throwable cause) {
    Throwable why =
        causes(cause).stream()
            .filter(each -> each.getMessage() != null || each.getCause() == null)
            .findFirst()
            .orElse(cause);
    return why.equals(cause) ? words(cause) : words(cause) + " " + words(why);
  }

  private static List<Throwable> causes(Throwable first) {
    List<Throwable> all = new ArrayList<>();
    for (Throwable next = first; next != null && all.size() < MOST_CAUSES; next = next.getCause()) {
      all.add(next);
    }
    return all;
  }

  private static String words(Throwable cause) {
    String name = cause.getClass().getSimpleName();
    return Optional.ofNullable(cause.getMessage()).map(text -> name + " " + text).orElse(name);
  }

  private static String hint(URI directory, Throwable cause) {
    if (cause instanceof SSLException) {
      return ofTls(cause);
    }
    if (has(cause, UnresolvedAddressException.class)) {
      return " (expected: the DNS of this machine knows %s, or another acme.directory)"
          .formatted(directory.getHost());
    }
    return cause instanceof ConnectException || cause instanceof HttpTimeoutException
        ? " (expected: a way from this machine to %s:%d, through routes and firewalls; nothing, when only the CA is down)"
            .formatted(
                directory.getHost(), directory.getPort() < 0 ? HTTPS_PORT : directory.getPort())
        : "";
  }

  private static String ofTls(Throwable cause) {
    if (has(cause, CertificateNotYetValidException.class)) {
      return " (expected: a certificate that is valid by now; fix: the clock of this machine, if it"
          + " is behind)";
    }
    if (has(cause, CertificateExpiredException.class)) {
      return " (expected: a certificate that has not ended; fix: the clock of this machine, if it"
          + " is ahead, or the CA's own certificate)";
    }
    String said = String.valueOf(cause.getMessage());
    if (said.contains("plaintext connection")) {
      return " (expected: acme.directory with a port that speaks HTTPS)";
    }
    return said.contains("No subject alternative ") || said.contains("No name matching ")
        ? " (expected: acme.directory with a name that the certificate there is for)"
        : " (expected: a CA that the JDK trusts, or acme.ca-root with its root)";
  }

  private static boolean has(Throwable cause, Class<? extends Throwable> type) {
    return causes(cause).stream().anyMatch(type::isInstance);
  }
}
