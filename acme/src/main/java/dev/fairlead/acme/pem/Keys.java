package dev.fairlead.acme.pem;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;

/** Makes and compares keys, with the JDK's own providers. */
public final class Keys {

  private static final byte[] PROBE = "fairlead".getBytes(StandardCharsets.US_ASCII);

  private Keys() {}

  /** A new key on the curve P-256. */
  public static KeyPair newP256() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no P-256", e);
    }
  }

  /** The signature algorithm that goes with a key. */
  public static String signatureOf(PrivateKey key) {
    return key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
  }

  /** A few characters that tell a key from others, for people. */
  public static String fingerprint(PublicKey key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Whether what one signs is accepted by the other. */
  public static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
    try {
      Signature signer = Signature.getInstance(signatureOf(privateKey));
      signer.initSign(privateKey);
      signer.update(PROBE);
      Signature verifier = Signature.getInstance(signatureOf(privateKey));
      verifier.initVerify(publicKey);
      verifier.update(PROBE);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
