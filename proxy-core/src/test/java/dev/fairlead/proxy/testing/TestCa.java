package dev.fairlead.proxy.testing;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.proxy.tls.ServerCertificate;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that lives as long as a test: P-256, nothing on disk. */
public final class TestCa {

  private static final Duration VALIDITY = Duration.ofDays(7);

  private final Instant from = Instant.now().minus(Duration.ofHours(1));
  private final AtomicLong serial = new AtomicLong(1);
  private final KeyPair keys = newKeys();
  private final X500Name name = new X500Name("CN=Test CA");
  private final X509Certificate root;

  public TestCa() {
    X509v3CertificateBuilder builder = builder(name, keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    this.root = sign(builder);
  }

  /** The certificate that clients trust. */
  public X509Certificate root() {
    return root;
  }

  /** A key and the certificate of it. */
  public record Identity(PrivateKey key, X509Certificate certificate) {

    /** TLS for servers of the JDK. */
    public SSLContext serverContext() {
      try {
        KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        keys.setKeyEntry("key", key, new char[0], new X509Certificate[] {certificate});
        KeyManagerFactory managers =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The certificate that clients trust, as text. */
  public String rootPem() {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder().encodeToString(root.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new certificate for these names ({@code *.} allowed) and IP addresses. */
  public ServerCertificate issue(String... names) {
    return certificate(identity(names));
  }

  /** The same with an RSA key. */
  public ServerCertificate issueRsa(String... names) {
    return certificate(identity(newRsaKeys(), names));
  }

  /** The same with a key on the curve P-384. */
  public ServerCertificate issueP384(String... names) {
    return certificate(identity(newKeys("secp384r1"), names));
  }

  private static ServerCertificate certificate(Identity identity) {
    return new ServerCertificate(identity.key(), List.of(identity.certificate()));
  }

  /** The same for servers that are not the proxy. */
  public Identity identity(String... names) {
    return identity(newKeys(), names);
  }

  private Identity identity(KeyPair own, String... names) {
    X509v3CertificateBuilder builder =
        builder(new X500Name("CN=" + names[0].replace("*", "any")), own.getPublic());
    GeneralName[] alternatives =
        Arrays.stream(names).map(TestCa::alternative).toArray(GeneralName[]::new);
    try {
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return new Identity(own.getPrivate(), sign(builder));
  }

  private static GeneralName alternative(String text) {
    boolean address = HostPattern.parse(text).map(HostPattern::isAddress).orElse(false);
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, text);
  }

  /** TLS for clients that trust this authority and nobody else. */
  public SSLContext clientContext() {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("root", root);
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509v3CertificateBuilder builder(X500Name subject, PublicKey key) {
    return new JcaX509v3CertificateBuilder(
        name,
        BigInteger.valueOf(serial.getAndIncrement()),
        Date.from(from),
        Date.from(from.plus(VALIDITY)),
        subject,
        key);
  }

  private X509Certificate sign(X509v3CertificateBuilder builder) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newRsaKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    return newKeys("secp256r1");
  }

  private static KeyPair newKeys(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
