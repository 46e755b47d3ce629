package dev.fairlead.acme.pem;

import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates (RFC 5280) of our own: the local CA's, and those that answer challenges. */
public final class CertificateBuilder {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Clocks of clients may be behind. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

  private final X500Name subject;
  private final PublicKey key;
  private final Instant from;
  private final Instant until;
  private final List<Extension> extensions = new ArrayList<>();

  /**
   * Starts a certificate.
   *
   * @param commonName shown to people
   * @param key the subject's
   * @param life from {@code now} on
   */
  public CertificateBuilder(String commonName, PublicKey key, Instant now, Duration life) {
    this.subject =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, "Fairlead")
            .addRDN(BCStyle.CN, commonName)
            .build();
    this.key = key;
    this.from = now.minus(CLOCK_TOLERANCE);
    this.until = now.plus(life);
  }

  /** The one host it is for. */
  public CertificateBuilder name(HostPattern host) {
    boolean address = !host.wildcard() && IPV4.matcher(host.suffix()).matches();
    int type = address ? GeneralName.iPAddress : GeneralName.dNSName;
    return add(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(type, host.toString())));
  }

  /** For servers, and for nothing else. */
  public CertificateBuilder forServers() {
    add(Extension.basicConstraints, true, new BasicConstraints(false));
    add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    return add(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
  }

  /** For signing the certificates of servers, and no other CA's. */
  public CertificateBuilder forAuthority() {
    add(Extension.basicConstraints, true, new BasicConstraints(0));
    return add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
  }

  /** With an extension that whoever does not know it must refuse. */
  public CertificateBuilder critical(ASN1ObjectIdentifier id, ASN1Encodable value) {
    return add(id, true, value);
  }

  /** Signed with its own key. */
  public X509Certificate selfSigned(KeyPair pair) {
    return sign(subject, pair.getPrivate(), pair.getPublic());
  }

  /** Signed by a CA. */
  public X509Certificate signedBy(KeyAndChain authority) {
    try {
      X500Name issuer = new JcaX509CertificateHolder(authority.leaf()).getSubject();
      return sign(issuer, authority.privateKey(), authority.leaf().getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the CA's certificate cannot be read", e);
    }
  }

  private X509Certificate sign(X500Name issuer, PrivateKey signer, PublicKey signersKey) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer, new BigInteger(127, RANDOM), Date.from(from), Date.from(until), subject, key);
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          identifiers.createAuthorityKeyIdentifier(signersKey));
      for (Extension extension : extensions) {
        builder.addExtension(extension);
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(Keys.signatureOf(signer)).build(signer)));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("certificate for " + subject + " cannot be made", e);
    }
  }

  private CertificateBuilder add(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
    try {
      extensions.add(new Extension(id, critical, value.toASN1Primitive().getEncoded()));
      return this;
    } catch (IOException e) {
      throw new IllegalArgumentException("extension " + id, e);
    }
  }
}
