package dev.fairlead.acme.store;

import dev.fairlead.acme.pem.Pem;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;

/** A key and its public half, as one text. */
final class KeyPairText {

  private KeyPairText() {}

  static String of(KeyPair key) {
    return Pem.of(key.getPrivate()) + Pem.of(key.getPublic());
  }

  /**
   * Reads a pair.
   *
   * @throws GeneralSecurityException when it is damaged; its message holds nothing of the text
   */
  static KeyPair parse(String text) throws GeneralSecurityException {
    PrivateKey privateKey = Pem.privateKey(text);
    return new KeyPair(Pem.publicKey(text), privateKey);
  }
}
