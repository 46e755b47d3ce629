package dev.fairlead.acme.pem;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads and writes keys and certificates as PEM text (RFC 7468). */
public final class Pem {

  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
  private static final List<String> BLANKS = List.of("\n", "\r", " ", "\t", "\f", "\u000b");
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";
  private static final String PUBLIC_KEY = "PUBLIC KEY";

  private Pem() {}

  /** The chain as {@code CERTIFICATE} blocks. */
  public static String of(List<X509Certificate> chain) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : chain) {
      try {
        text.append(block(CERTIFICATE, certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalArgumentException("certificate cannot be encoded", e);
      }
    }
    return text.toString();
  }

  /** The key as a {@code PRIVATE KEY} block (PKCS#8). */
  public static String of(PrivateKey key) {
    return block(PRIVATE_KEY, key.getEncoded());
  }

  /** The key as a {@code PUBLIC KEY} block. */
  public static String of(PublicKey key) {
    return block(PUBLIC_KEY, key.getEncoded());
  }

  /**
   * Reads an EC or RSA public key.
   *
   * @throws GeneralSecurityException when there is none
   */
  public static PublicKey publicKey(String text) throws GeneralSecurityException {
    X509EncodedKeySpec spec = new X509EncodedKeySpec(bytes(PUBLIC_KEY, text, "public key"));
    try {
      return KeyFactory.getInstance("EC").generatePublic(spec);
    } catch (InvalidKeySpecException notEc) {
      return KeyFactory.getInstance("RSA").generatePublic(spec);
    }
  }

  /** What the first block of a type holds; empty when there is none, or it is not base64. */
  static Optional<byte[]> block(String type, String text) {
    return blocks(type, text).stream().findFirst().flatMap(Pem::decode);
  }

  /**
   * Reads every certificate of a text.
   *
   * @throws CertificateException when there is none, or one cannot be read
   */
  public static List<X509Certificate> certificates(String text) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> chain = new ArrayList<>();
    for (String block : blocks(CERTIFICATE, text)) {
      byte[] bytes = decode(block).orElseThrow(() -> new CertificateException("no base64"));
      chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
    }
    if (chain.isEmpty()) {
      throw new CertificateException("no certificate in it");
    }
    return chain;
  }

  /**
   * Reads an EC or RSA key in PKCS#8.
   *
   * @throws GeneralSecurityException when there is none; its message holds nothing of the text
   */
  public static PrivateKey privateKey(String text) throws GeneralSecurityException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(bytes(PRIVATE_KEY, text, "private key"));
    try {
      return KeyFactory.getInstance("EC").generatePrivate(spec);
    } catch (InvalidKeySpecException notEc) {
      return rsa(spec);
    }
  }

  private static PrivateKey rsa(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
    try {
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    } catch (InvalidKeySpecException e) {
      throw new InvalidKeySpecException("the private key is neither EC nor RSA", e);
    }
  }

  /** The base64 of all blocks of a type; what has no end, or stands around them, is passed over. */
  private static List<String> blocks(String type, String text) {
    String begin = "-----BEGIN " + type + "-----";
    String end = "-----END " + type + "-----";
    List<String> blocks = new ArrayList<>();
    int from = 0;
    for (int stop = text.indexOf(end); stop >= 0; stop = text.indexOf(end, from)) {
      int start = text.lastIndexOf(begin, stop);
      if (start >= from && start + begin.length() <= stop) {
        blocks.add(text.substring(start + begin.length(), stop));
      }
      from = stop + end.length();
    }
    return blocks;
  }

  private static byte[] bytes(String type, String text, String what)
      throws InvalidKeySpecException {
    List<String> found = blocks(type, text);
    if (found.isEmpty()) {
      throw new InvalidKeySpecException("no %s in it".formatted(what));
    }
    return decode(found.getFirst())
        .orElseThrow(() -> new InvalidKeySpecException("the %s is not base64".formatted(what)));
  }

  // White space may stand anywhere (RFC 7468 §2), nothing else may.
  private static Optional<byte[]> decode(String base64) {
    String dense = base64;
    for (String blank : BLANKS) {
      dense = dense.replace(blank, "");
    }
    try {
      return dense.isEmpty() ? Optional.empty() : Optional.of(Base64.getDecoder().decode(dense));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String block(String type, byte[] bytes) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(type, LINES.encodeToString(bytes));
  }
}
