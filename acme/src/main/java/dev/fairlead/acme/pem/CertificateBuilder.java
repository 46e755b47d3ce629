package dev.fairlead.acme.pem;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fairlead.config.routing.HostPattern;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes certificates (RFC 5280) of our own: the local CA's, and those that answer challenges. By
 * itself, since a library for all kinds of certificates takes longer to load than a proxy has for
 * its start.
 */
public final class CertificateBuilder {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Clocks of clients may be behind. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

  private static final BigInteger VERSION_3 = BigInteger.TWO;

  // RFC 5280 §4.2.1.3: digitalSignature is the first bit, keyCertSign and cRLSign are 5 and 6
  private static final byte[] TO_SIGN = Der.bits(7, new byte[] {(byte) 0b1000_0000});
  private static final byte[] TO_SIGN_CERTIFICATES = Der.bits(1, new byte[] {0b0000_0110});

  private final byte[] subject;
  private final PublicKey key;
  private final Instant from;
  private final Instant until;
  private final List<byte[]> extensions = new ArrayList<>();

  /**
   * Starts a certificate.
   *
   * @param commonName shown to people
   * @param key the subject's
   * @param life from {@code now} on
   */
  public CertificateBuilder(String commonName, PublicKey key, Instant now, Duration life) {
    this.subject =
        Der.sequence(attribute("2.5.4.10", "Fairlead"), attribute("2.5.4.3", commonName));
    this.key = key;
    this.from = now.minus(CLOCK_TOLERANCE);
    this.until = now.plus(life);
  }

  /** The one host it is for. */
  public CertificateBuilder name(HostPattern host) {
    byte[] name =
        host.address()
            .map(address -> Der.implicit(7, address.getAddress()))
            .orElseGet(() -> Der.implicit(2, host.toString().getBytes(US_ASCII)));
    return add("2.5.29.17", false, Der.sequence(name));
  }

  /** For servers, and for nothing else. */
  public CertificateBuilder forServers() {
    add("2.5.29.19", true, Der.sequence());
    add("2.5.29.15", true, TO_SIGN);
    return add("2.5.29.37", false, Der.sequence(Der.id("1.3.6.1.5.5.7.3.1")));
  }

  /** For signing the certificates of servers, and no other CA's. */
  public CertificateBuilder forAuthority() {
    add("2.5.29.19", true, Der.sequence(Der.TRUE, Der.integer(BigInteger.ZERO)));
    return add("2.5.29.15", true, TO_SIGN_CERTIFICATES);
  }

  /**
   * For a tls-alpn-01 challenge: acmeIdentifier (RFC 8737 §3).
   *
   * @param digest SHA-256 of the key authorization
   */
  public CertificateBuilder forChallenge(byte[] digest) {
    return add("1.3.6.1.5.5.7.1.31", true, Der.octets(digest));
  }

  /** Signed with its own key. */
  public X509Certificate selfSigned(KeyPair pair) {
    return sign(subject, pair.getPrivate(), pair.getPublic());
  }

  /** Signed by a CA. */
  public X509Certificate signedBy(KeyAndChain authority) {
    return sign(
        authority.leaf().getSubjectX500Principal().getEncoded(),
        authority.privateKey(),
        authority.leaf().getPublicKey());
  }

  private X509Certificate sign(byte[] issuer, PrivateKey signer, PublicKey signersKey) {
    try {
      byte[] certificate = toBeSigned(issuer, signer, signersKey);
      Signature signature = Signature.getInstance(Keys.signatureOf(signer));
      signature.initSign(signer);
      signature.update(certificate);
      byte[] whole = Der.sequence(certificate, algorithm(signer), Der.bits(0, signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate of our own cannot be made", e);
    }
  }

  /** TBSCertificate (RFC 5280 §4.1). */
  private byte[] toBeSigned(byte[] issuer, PrivateKey signer, PublicKey signersKey)
      throws GeneralSecurityException {
    List<byte[]> all = new ArrayList<>();
    all.add(extension("2.5.29.14", false, Der.octets(identifier(key))));
    all.add(extension("2.5.29.35", false, Der.sequence(Der.implicit(0, identifier(signersKey)))));
    all.addAll(extensions);
    return Der.sequence(
        Der.explicit(0, Der.integer(VERSION_3)),
        Der.integer(new BigInteger(127, RANDOM)),
        algorithm(signer),
        issuer,
        Der.sequence(Der.time(from), Der.time(until)),
        subject,
        key.getEncoded(),
        Der.explicit(3, Der.sequence(all.toArray(byte[][]::new))));
  }

  private static byte[] algorithm(PrivateKey signer) {
    return signer.getAlgorithm().equals("EC")
        ? Der.sequence(Der.id("1.2.840.10045.4.3.2"))
        : Der.sequence(Der.id("1.2.840.113549.1.1.11"), Der.NULL);
  }

  /** RFC 5280 §4.2.1.2: SHA-1 of the key's bits, without the count of those that are unused. */
  private static byte[] identifier(PublicKey key) throws GeneralSecurityException {
    byte[] bits = Der.lastContent(key.getEncoded());
    return MessageDigest.getInstance("SHA-1").digest(Arrays.copyOfRange(bits, 1, bits.length));
  }

  private static byte[] attribute(String type, String value) {
    return Der.set(Der.sequence(Der.id(type), Der.text(value)));
  }

  private CertificateBuilder add(String id, boolean critical, byte[] value) {
    extensions.add(extension(id, critical, value));
    return this;
  }

  private static byte[] extension(String id, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.id(id), Der.TRUE, Der.octets(value))
        : Der.sequence(Der.id(id), Der.octets(value));
  }
}
