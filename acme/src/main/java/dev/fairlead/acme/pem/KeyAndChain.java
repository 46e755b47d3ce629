package dev.fairlead.acme.pem;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * A private key and the certificates that prove it, the key's own first.
 *
 * @param privateKey never printed
 * @param chain at least one
 */
public record KeyAndChain(PrivateKey privateKey, List<X509Certificate> chain) {

  public KeyAndChain {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("chain: empty (expected: a certificate)");
    }
  }

  /** The certificate of the key itself. */
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  public Instant notBefore() {
    return leaf().getNotBefore().toInstant();
  }

  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  /** A few characters that tell the certificate from all others, with the same key too. */
  public String fingerprint() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(leaf().getEncoded());
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("every JDK has SHA-256, and the certificate was read", e);
    }
  }

  @Override
  public String toString() {
    return "KeyAndChain[%s, until %s]".formatted(leaf().getSerialNumber().toString(16), notAfter());
  }
}
