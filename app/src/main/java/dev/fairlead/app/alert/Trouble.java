package dev.fairlead.app.alert;

import dev.fairlead.acme.CertificateStatus;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.config.routing.TlsMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is wrong with the certificate of one name.
 *
 * @param since when it began, where the certificate says so
 */
record Trouble(Kind kind, Optional<Instant> since) {

  private static final Duration PATIENCE = Duration.ofDays(1);

  /** The last part of its life in which a certificate should not be in use any more. */
  private static final int LAST_PART = 7;

  /** What can be wrong, the worse the later. */
  enum Kind {
    /** The name should have a certificate by ACME, and has none. */
    MISSING("it has no certificate of the CA"),
    /** The certificate should have been replaced more than a day ago. */
    OVERDUE("its renewal is overdue"),
    /** The certificate ends within a seventh of its life, or has ended. */
    EXPIRING("its certificate is about to expire");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** For people, after the name. */
    String words() {
      return words;
    }
  }

  /** What is wrong at this time; empty when nothing is. */
  static Optional<Trouble> of(CertificateStatus status, Instant now) {
    if (status.mode() != TlsMode.ACME) {
      return Optional.empty();
    }
    if (!status.served().equals(Optional.of(Origin.ACME))
        || status.notBefore().isEmpty()
        || status.notAfter().isEmpty()
        || status.renewAt().isEmpty()) {
      return Optional.of(new Trouble(Kind.MISSING, Optional.empty()));
    }
    Instant begin = status.notBefore().get();
    Instant end = status.notAfter().get();
    Instant lastPart = end.minus(Duration.between(begin, end).dividedBy(LAST_PART));
    Instant renewal = status.renewAt().get();
    if (!now.isBefore(lastPart)) {
      return Optional.of(new Trouble(Kind.EXPIRING, Optional.of(renewal)));
    }
    return now.isBefore(renewal.plus(PATIENCE))
        ? Optional.empty()
        : Optional.of(new Trouble(Kind.OVERDUE, Optional.of(renewal)));
  }
}
