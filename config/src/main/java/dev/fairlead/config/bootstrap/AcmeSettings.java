package dev.fairlead.config.bootstrap;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The certificate authority.
 *
 * @param directory the CA's directory (RFC 8555 §7.1.1)
 * @param email where the CA may write to
 * @param caFile PEM certificates that the CA's own HTTPS is verified with, beside the JDK's
 * @param challenge how control of a name is shown; of a wildcard by dns-01, whatever is said here
 * @param dns how dns-01 is answered; empty where it cannot be
 * @param limits what the CA lets an account have; empty for what is known of the CA
 */
public record AcmeSettings(
    URI directory,
    Optional<String> email,
    Optional<Path> caFile,
    Challenge challenge,
    Optional<DnsSettings> dns,
    Optional<AcmeLimits> limits) {

  /** Settings without dns-01, with the limits that are known of the CA. */
  public AcmeSettings(
      URI directory, Optional<String> email, Optional<Path> caFile, Challenge challenge) {
    this(directory, email, caFile, challenge, Optional.empty(), Optional.empty());
  }

  /** The same with other limits. */
  public AcmeSettings withLimits(AcmeLimits other) {
    return new AcmeSettings(directory, email, caFile, challenge, dns, Optional.of(other));
  }

  /** How control of a name is shown to the CA. */
  public enum Challenge {
    /** A file on port 80 (RFC 8555 §8.3). */
    HTTP_01,
    /** A certificate on port 443 (RFC 8737). */
    TLS_ALPN_01,
    /** A TXT record in DNS (RFC 8555 §8.4). */
    DNS_01
  }
}
