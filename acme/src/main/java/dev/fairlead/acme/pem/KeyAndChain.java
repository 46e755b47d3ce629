package dev.fairlead.acme.pem;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
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

  @Override
  public String toString() {
    return "KeyAndChain[%s, until %s]".formatted(leaf().getSerialNumber().toString(16), notAfter());
  }
}
