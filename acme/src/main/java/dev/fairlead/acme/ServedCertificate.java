package dev.fairlead.acme;

import dev.fairlead.acme.pem.KeyAndChain;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What visitors of one name are shown.
 *
 * @param privateKey never printed
 * @param chain the key's own certificate first
 * @param origin who signed it
 */
public record ServedCertificate(PrivateKey privateKey, List<X509Certificate> chain, Origin origin) {

  /** Who signed a certificate. */
  public enum Origin {
    /** The CA of {@code acme.directory}. */
    ACME,
    /** The built-in local CA. */
    LOCAL
  }

  public ServedCertificate {
    chain = List.copyOf(chain);
  }

  static ServedCertificate of(KeyAndChain pair, Origin origin) {
    return new ServedCertificate(pair.privateKey(), pair.chain(), origin);
  }

  /** When it ends. */
  public Instant notAfter() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  Instant notBefore() {
    return chain.getFirst().getNotBefore().toInstant();
  }

  @Override
  public String toString() {
    return "ServedCertificate[%s, until %s]".formatted(origin, notAfter());
  }
}
