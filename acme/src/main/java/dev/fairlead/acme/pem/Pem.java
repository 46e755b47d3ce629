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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes keys and certificates as PEM text (RFC 7468). */
public final class Pem {

  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
  private static final Pattern CERTIFICATE = blocks("CERTIFICATE");
  private static final Pattern PRIVATE_KEY = blocks("PRIVATE KEY");
  private static final Pattern PUBLIC_KEY = blocks("PUBLIC KEY");

  private Pem() {}

  /** The chain as {@code CERTIFICATE} blocks. */
  public static String of(List<X509Certificate> chain) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : chain) {
      try {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalArgumentException("certificate cannot be encoded", e);
      }
    }
    return text.toString();
  }

  /** The key as a {@code PRIVATE KEY} block (PKCS#8). */
  public static String of(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /** The key as a {@code PUBLIC KEY} block. */
  public static String of(PublicKey key) {
    return block("PUBLIC KEY", key.getEncoded());
  }

  /**
   * Reads an EC public key.
   *
   * @throws GeneralSecurityException when there is none
   */
  public static PublicKey publicKey(String text) throws GeneralSecurityException {
    X509EncodedKeySpec spec = new X509EncodedKeySpec(bytes(PUBLIC_KEY, text, "public key"));
    return KeyFactory.getInstance("EC").generatePublic(spec);
  }

  /**
   * Reads every certificate of a text.
   *
   * @throws CertificateException when there is none, or one cannot be read
   */
  public static List<X509Certificate> certificates(String text) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> chain = new ArrayList<>();
    Matcher block = CERTIFICATE.matcher(text);
    while (block.find()) {
      byte[] bytes =
          decode(block.group(1)).orElseThrow(() -> new CertificateException("no base64"));
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

  private static Pattern blocks(String type) {
    return Pattern.compile(
        "-----BEGIN %1$s-----([A-Za-z0-9+/=\\s]+)-----END %1$s-----".formatted(type));
  }

  private static byte[] bytes(Pattern block, String text, String what)
      throws InvalidKeySpecException {
    Matcher found = block.matcher(text);
    if (!found.find()) {
      throw new InvalidKeySpecException("no %s in it".formatted(what));
    }
    return decode(found.group(1))
        .orElseThrow(() -> new InvalidKeySpecException("the %s is not base64".formatted(what)));
  }

  private static Optional<byte[]> decode(String base64) {
    try {
      return Optional.of(Base64.getMimeDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String block(String type, byte[] bytes) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(type, LINES.encodeToString(bytes));
  }
}
