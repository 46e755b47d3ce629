package dev.fairlead.config.bootstrap;

/**
 * The private keys that certificates are ordered for.
 *
 * @param reuse whether a renewal keeps the key of the certificate before it
 */
public record KeySettings(Type type, boolean reuse) {

  /** A new P-256 key for each certificate. */
  public static final KeySettings DEFAULT = new KeySettings(Type.P256, false);

  /** The algorithm of a key, and its size. */
  public enum Type {
    /** ECDSA on the curve P-256. */
    P256,
    /** ECDSA on the curve P-384. */
    P384,
    /** RSA with 2048 bits. */
    RSA2048,
    /** RSA with 4096 bits. */
    RSA4096
  }
}
