package dev.fairlead.acme.challenge;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Makes the self-signed certificate that answers tls-alpn-01 (RFC 8737 §3). */
public final class ValidationCertificate {

  private static final Duration LIFE = Duration.ofDays(1);

  private ValidationCertificate() {}

  /**
   * A certificate with a P-256 key; acme4j's own can only be made with RSA.
   *
   * @param digest SHA-256 of the key authorization
   */
  public static KeyAndChain of(HostPattern host, byte[] digest, Instant now) {
    KeyPair key = Keys.newP256();
    return new KeyAndChain(
        key.getPrivate(),
        List.of(
            new CertificateBuilder("acme challenge", key.getPublic(), now, LIFE)
                .name(host)
                .forChallenge(digest)
                .selfSigned(key)));
  }
}
