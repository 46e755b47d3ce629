package dev.fairlead.acme;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.time.Instant;
import java.util.Optional;

/**
 * How it stands with the certificate of one name, for people.
 *
 * @param mode where it shall come from
 * @param served who signed what is served now; empty until something is
 * @param notAfter when what is served ends
 * @param problem why it is not what it should be, one sentence
 * @param nextAttempt when the next order may start, after one failed
 */
public record CertificateStatus(
    HostPattern host,
    TlsMode mode,
    Optional<ServedCertificate.Origin> served,
    Optional<Instant> notAfter,
    Optional<String> problem,
    Optional<Instant> nextAttempt) {}
