package dev.fairlead.app.alert;

import dev.fairlead.acme.CertificateStatus;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How it stands with certificates that live for 90 days and are due after 60. */
final class Certificates {

  static final Duration LIFE = Duration.ofDays(90);
  static final Duration USED = Duration.ofDays(60);
  static final String REFUSED =
      "the CA says: no answer on port 80 (expected: the name's DNS leads here, and the router"
          + " forwards ports 80 and 443)";

  private Certificates() {}

  /** One of the CA, with renewals failing since it was due. */
  static CertificateStatus issued(String host, Instant begin) {
    return status(host, TlsMode.ACME, Optional.of(Origin.ACME), begin, Optional.of(REFUSED));
  }

  /** None of the CA, with one of the local CA in its place. */
  static CertificateStatus missing(String host, Instant begin) {
    return status(host, TlsMode.ACME, Optional.of(Origin.LOCAL), begin, Optional.of(REFUSED));
  }

  /** One of the local CA, as it shall be. */
  static CertificateStatus local(String host, Instant begin) {
    return status(host, TlsMode.LOCAL, Optional.of(Origin.LOCAL), begin, Optional.empty());
  }

  static CertificateStatus status(
      String host, TlsMode mode, Optional<Origin> origin, Instant begin, Optional<String> problem) {
    return new CertificateStatus(
        HostPattern.parse(host).orElseThrow(),
        mode,
        origin,
        Optional.empty(),
        Optional.of(begin),
        Optional.of(begin.plus(LIFE)),
        Optional.of(begin.plus(USED)),
        problem,
        problem.isPresent() ? 4 : 0,
        problem.map(_ -> begin.plus(USED).plus(Duration.ofDays(2))));
  }
}
