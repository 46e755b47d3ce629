package dev.fairlead.acme.transfer;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.KeyForms;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** A certificate that the other proxy has. */
sealed interface Finding {

  /** What it is called there, for people. */
  String place();

  /**
   * One that is whole, and whose key belongs to it.
   *
   * @param directory of the CA that issued it, as far as the source says
   */
  record Whole(String place, Optional<URI> directory, KeyAndChain pair) implements Finding {}

  /**
   * One that cannot be taken over.
   *
   * @param reason for people
   * @param isLoss whether it would have been of use
   */
  record Left(String place, String reason, boolean isLoss) implements Finding {}

  /** Reads a pair and checks what the storage would check when it reads it again, and more. */
  static Finding of(String place, Optional<URI> directory, String chainPem, String keyPem) {
    if (chainPem.length() > SourceTree.PEM_LIMIT_BYTES
        || keyPem.length() > SourceTree.PEM_LIMIT_BYTES) {
      return loss(place, "it is too large");
    }
    List<X509Certificate> chain;
    try {
      chain = Pem.certificates(chainPem);
    } catch (GeneralSecurityException | RuntimeException e) {
      return loss(place, "no certificate in it that can be read");
    }
    PrivateKey key;
    try {
      key = KeyForms.privateKey(keyPem);
    } catch (GeneralSecurityException | RuntimeException e) {
      return loss(place, "no private key in it that can be read (expected: EC or RSA)");
    }
    if (!Keys.belongTogether(key, chain.getFirst().getPublicKey())
        || !Keys.provesTo(chain.getFirst().getPublicKey(), key)) {
      return loss(place, "its key does not belong to its certificate");
    }
    return new Whole(place, directory, new KeyAndChain(key, chain));
  }

  /** One that would have been of use. */
  static Finding loss(String place, String reason) {
    return new Left(place, reason, true);
  }
}
