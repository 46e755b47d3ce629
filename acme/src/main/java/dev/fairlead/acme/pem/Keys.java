package dev.fairlead.acme.pem;

import dev.fairlead.config.bootstrap.KeySettings;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/** Makes and compares keys, with the JDK's own providers. */
public final class Keys {

  private Keys() {}

  /** A new key on the curve P-256; see {@link #newPair}. */
  public static KeyPair newP256() {
    return newPair(KeySettings.Type.P256);
  }

  /**
   * A new key. A private one on a curve knows its public half (RFC 5915 §3), and keeps it in its
   * PKCS#8 form: whoever reads that need not compute it.
   */
  public static KeyPair newPair(KeySettings.Type type) {
    try {
      return switch (type) {
        case P256 -> newEc("secp256r1");
        case P384 -> newEc("secp384r1");
        case RSA2048 -> newRsa(2048);
        case RSA4096 -> newRsa(4096);
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no keys of the kind " + type, e);
    }
  }

  /** Whether a key is of a kind. */
  public static boolean isOf(KeySettings.Type type, PublicKey key) {
    return switch (type) {
      case P256 -> isEc(256, key);
      case P384 -> isEc(384, key);
      case RSA2048 -> isRsa(2048, key);
      case RSA4096 -> isRsa(4096, key);
    };
  }

  private static boolean isEc(int bits, PublicKey key) {
    return key instanceof ECPublicKey ec
        && ec.getParams().getCurve().getField().getFieldSize() == bits;
  }

  private static boolean isRsa(int bits, PublicKey key) {
    return key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() == bits;
  }

  private static KeyPair newRsa(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static KeyPair newEc(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    KeyPair pair = generator.generateKeyPair();
    byte[] whole = withPublicHalf((ECPrivateKey) pair.getPrivate(), pair.getPublic());
    return new KeyPair(
        pair.getPublic(),
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(whole)));
  }

  private static byte[] withPublicHalf(ECPrivateKey privateKey, PublicKey publicKey) {
    byte[] secret = new byte[(privateKey.getParams().getCurve().getField().getFieldSize() + 7) / 8];
    byte[] number = privateKey.getS().toByteArray();
    int length =
        Math.min(number.length, secret.length); // a zero before it may say that it is positive
    System.arraycopy(number, number.length - length, secret, secret.length - length, length);
    byte[] spki = publicKey.getEncoded();
    return Der.sequence(
        Der.integer(BigInteger.ZERO),
        Der.firstValue(spki),
        Der.octets(
            Der.sequence(
                Der.integer(BigInteger.ONE),
                Der.octets(secret),
                Der.explicit(1, Der.lastValue(spki)))));
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

  /** Whether the one key is the other's public half. */
  public static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
    Optional<byte[]> half = publicHalf(privateKey);
    if (half.isPresent()) {
      return Arrays.equals(half.get(), Der.lastValue(publicKey.getEncoded()));
    }
    try {
      return switch (privateKey) {
        case ECPrivateKey ec -> publicKey instanceof ECPublicKey known && belongTogether(ec, known);
        case RSAPrivateKey rsa ->
            publicKey instanceof RSAPublicKey known && rsa.getModulus().equals(known.getModulus());
        default -> false;
      };
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * Whether the private key makes signatures that the public one verifies: what a key says of its
   * own public half is not asked.
   */
  public static boolean provesTo(PublicKey publicKey, PrivateKey privateKey) {
    try {
      Signature signature = Signature.getInstance(signatureOf(privateKey));
      byte[] text = publicKey.getEncoded();
      signature.initSign(privateKey);
      signature.update(text);
      byte[] proof = signature.sign();
      signature.initVerify(publicKey);
      signature.update(text);
      return signature.verify(proof);
    } catch (GeneralSecurityException | ArithmeticException e) {
      return false; // the numbers of a damaged key may be such that they divide by zero
    }
  }

  /** The public half that a key came with, as a bit string. */
  private static Optional<byte[]> publicHalf(PrivateKey privateKey) {
    if (!(privateKey instanceof ECPrivateKey)) {
      return Optional.empty();
    }
    try {
      byte[] own = Der.lastContent(privateKey.getEncoded());
      byte[] last = Der.lastValue(own);
      return last[0] == (byte) 0xa1 ? Optional.of(Der.content(last)) : Optional.empty();
    } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException e) {
      return Optional.empty(); // a form that is read another way
    }
  }

  /**
   * The public key is the private one times the generator, which a key agreement with the generator
   * computes: a tenth of the work of signing and verifying. It gives the first coordinate only; the
   * one other point that has it belongs to a private key that nobody has.
   */
  private static boolean belongTogether(ECPrivateKey privateKey, ECPublicKey publicKey)
      throws GeneralSecurityException {
    ECParameterSpec curve = privateKey.getParams();
    KeyAgreement multiplication = KeyAgreement.getInstance("ECDH");
    multiplication.init(privateKey);
    multiplication.doPhase(
        KeyFactory.getInstance("EC")
            .generatePublic(new ECPublicKeySpec(curve.getGenerator(), curve)),
        true);
    BigInteger x = new BigInteger(1, multiplication.generateSecret());
    return x.equals(publicKey.getW().getAffineX());
  }
}
