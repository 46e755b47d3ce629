package dev.fairlead.acme.challenge;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;

/** Makes the self-signed certificate that answers tls-alpn-01 (RFC 8737 §3). */
public final class ValidationCertificate {

  /** id-pe-acmeIdentifier (RFC 8737 §6.1). */
  private static final ASN1ObjectIdentifier ACME_IDENTIFIER =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");

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
                .critical(ACME_IDENTIFIER, new DEROctetString(digest))
                .selfSigned(key)));
  }
}
