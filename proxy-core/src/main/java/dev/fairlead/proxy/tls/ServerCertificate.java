package dev.fairlead.proxy.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A key and the chain that belongs to it. Equal only to itself, so that an unchanged certificate is
 * the same object.
 */
public final class ServerCertificate {

  private final PrivateKey key;
  private final List<X509Certificate> chain;

  /**
   * @param chain the server's own certificate first, at least that
   */
  public ServerCertificate(PrivateKey key, List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("chain: empty (expected: at least one certificate)");
    }
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  PrivateKey key() {
    return key;
  }

  List<X509Certificate> chain() {
    return chain;
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "ServerCertificate[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
