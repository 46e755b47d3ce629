package dev.fairlead.acme.pem;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/**
 * Private keys as other programs write them. Here they are kept as PKCS#8 (RFC 5208); programs in
 * Go write PKCS#1 (RFC 8017 §A.1.2) and the form of RFC 5915, too. What is read is hostile, and no
 * message has anything of it.
 */
public final class KeyForms {

  private static final byte[] RSA = Der.sequence(Der.id("1.2.840.113549.1.1.1"), Der.NULL);
  private static final byte[] EC = Der.id("1.2.840.10045.2.1");

  /** {@code [0]} and {@code [1]} of ECPrivateKey (RFC 5915 §3). */
  private static final int PARAMETERS = 0xa0;

  private static final int PUBLIC_HALF = 0xa1;

  private KeyForms() {}

  /**
   * Reads the first block that is a private key in one of the three forms, EC or RSA.
   *
   * @throws GeneralSecurityException when there is none
   */
  public static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    Optional<byte[]> rsa = Pem.block("RSA PRIVATE KEY", pem);
    if (rsa.isPresent()) {
      return rsa(rsa.get());
    }
    Optional<byte[]> ec = Pem.block("EC PRIVATE KEY", pem);
    return ec.isPresent() ? ec(ec.get()) : Pem.privateKey(pem);
  }

  /**
   * Reads an RSA key in the form of PKCS#1.
   *
   * @throws GeneralSecurityException when it is none
   */
  public static PrivateKey rsa(byte[] pkcs1) throws GeneralSecurityException {
    byte[] whole = Der.sequence(Der.integer(BigInteger.ZERO), RSA, Der.octets(pkcs1));
    return decode("RSA", whole);
  }

  /** Reads an EC key in the form of RFC 5915, which has to name its curve. */
  private static PrivateKey ec(byte[] key) throws GeneralSecurityException {
    byte[] algorithm = Der.sequence(EC, DerValues.content(tagged(PARAMETERS, key)));
    return decode("EC", Der.sequence(Der.integer(BigInteger.ZERO), algorithm, Der.octets(key)));
  }

  private static PrivateKey decode(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (InvalidKeySpecException e) {
      throw new InvalidKeySpecException("the private key is damaged", e);
    }
  }

  /**
   * A private key with the public one that it came with.
   *
   * @throws GeneralSecurityException when it came with none
   */
  public static KeyPair pair(PrivateKey key) throws GeneralSecurityException {
    return new KeyPair(publicHalf(key), key);
  }

  private static PublicKey publicHalf(PrivateKey key) throws GeneralSecurityException {
    if (key instanceof RSAPrivateCrtKey rsa) {
      return KeyFactory.getInstance("RSA")
          .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
    }
    if (key instanceof ECPrivateKey) {
      List<byte[]> pkcs8 = DerValues.inside(key.getEncoded());
      byte[] bits = DerValues.content(tagged(PUBLIC_HALF, DerValues.content(at(2, pkcs8))));
      return KeyFactory.getInstance("EC")
          .generatePublic(new X509EncodedKeySpec(Der.sequence(at(1, pkcs8), bits)));
    }
    throw new InvalidKeySpecException("the private key is neither EC nor RSA");
  }

  private static byte[] at(int index, List<byte[]> values) throws InvalidKeySpecException {
    if (index >= values.size()) {
      throw new InvalidKeySpecException("the private key is cut off");
    }
    return values.get(index);
  }

  private static byte[] tagged(int tag, byte[] key) throws InvalidKeySpecException {
    for (byte[] value : DerValues.inside(key)) {
      if ((value[0] & 0xff) == tag) {
        return value;
      }
    }
    throw new InvalidKeySpecException("the private key lacks its curve or its public half");
  }
}
