package dev.fairlead.acme.transfer;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.config.routing.HostPattern;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates of several names, which the builder of our own does not make. */
final class TestPairs {

  private TestPairs() {}

  /** One of a CA that signs nothing else. */
  static KeyAndChain pair(Instant from, Duration life, String... names) {
    return issuedBy("O=Test CA,CN=T1", from, life, names);
  }

  private static GeneralName alternative(String name) {
    boolean address = HostPattern.parse(name).map(HostPattern::isAddress).orElse(false);
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  /**
   * The same, of a CA with this name.
   *
   * @param issuer a distinguished name (RFC 4514)
   */
  static KeyAndChain issuedBy(String issuer, Instant from, Duration life, String... names) {
    KeyPair key = Keys.newP256();
    KeyPair authority = Keys.newP256();
    try {
      GeneralName[] subjects =
          Stream.of(names).map(TestPairs::alternative).toArray(GeneralName[]::new);
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Principal(issuer),
              BigInteger.valueOf(from.toEpochMilli()),
              Date.from(from),
              Date.from(from.plus(life)),
              new X500Principal("CN=" + names[0]),
              key.getPublic());
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(subjects));
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA")
                          .build(authority.getPrivate())));
      return new KeyAndChain(key.getPrivate(), List.of(certificate));
    } catch (Exception e) {
      throw new AssertionError("a certificate for a test", e);
    }
  }
}
