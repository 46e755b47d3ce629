package dev.fairlead.acme;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * How it stands with the certificate of one name, for people.
 *
 * @param mode where it shall come from
 * @param served who signed what is served now; empty until something is
 * @param directory of the CA that signed it, where that is one of ACME
 * @param notBefore when what is served begins to be good
 * @param notAfter when what is served ends
 * @param renewAt from when on what is served is to be replaced
 * @param problem why it is not what it should be, one sentence
 * @param failures how many orders failed in a row
 * @param nextAttempt when the next order may start, after one failed
 */
public record CertificateStatus(
    HostPattern host,
    TlsMode mode,
    Optional<ServedCertificate.Origin> served,
    Optional<URI> directory,
    Optional<Instant> notBefore,
    Optional<Instant> notAfter,
    Optional<Instant> renewAt,
    Optional<String> problem,
    int failures,
    Optional<Instant> nextAttempt) {}
