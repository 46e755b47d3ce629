package dev.fairlead.acme.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.junit.jupiter.api.Test;

class CertificateBuilderTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final HostPattern HOST = new HostPattern(false, "shop.example.org");

  private final KeyPair key = Keys.newP256();

  @Test
  void aServersCertificateIsTrustedByWhoTrustsTheAuthority() throws Exception {
    assertIsTrusted(authority(key));
  }

  @Test
  void anAuthorityWithAnRsaKeySignsToo() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(3072);
    assertIsTrusted(authority(generator.generateKeyPair()));
  }

  @Test
  void allIsWhereAnotherLibraryLooksForIt() throws Exception {
    KeyAndChain authority = authority(Keys.newP256());
    X509Certificate leaf = leaf(authority, HOST);
    JcaX509CertificateHolder read = new JcaX509CertificateHolder(leaf);
    JcaX509ExtensionUtils expected = new JcaX509ExtensionUtils();

    assertThat(read.getVersionNumber()).isEqualTo(3);
    assertThat(read.getSubject()).hasToString("O=Fairlead,CN=shop.example.org");
    assertThat(read.getIssuer()).hasToString("O=Fairlead,CN=authority");
    assertThat(read.getExtension(Extension.subjectKeyIdentifier).getParsedValue())
        .isEqualTo(expected.createSubjectKeyIdentifier(key.getPublic()).toASN1Primitive());
    assertThat(read.getExtension(Extension.authorityKeyIdentifier).getParsedValue())
        .isEqualTo(
            expected
                .createAuthorityKeyIdentifier(authority.leaf().getPublicKey())
                .toASN1Primitive());
    assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(2, HOST.toString()));
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(leaf.getKeyUsage())
        .isEqualTo(new boolean[] {true, false, false, false, false, false, false, false, false});
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getSerialNumber()).isPositive();
    assertThat(leaf.getNotBefore()).isEqualTo(Date.from(NOW.minus(Duration.ofHours(1))));
    assertThat(leaf.getNotAfter()).isEqualTo(Date.from(NOW.plus(Duration.ofDays(30))));
  }

  @Test
  void anAuthorityMaySignCertificatesOfServersOnly() {
    X509Certificate authority = authority(key).leaf();
    assertThat(authority.getBasicConstraints()).isZero();
    boolean[] usage = new boolean[9];
    usage[5] = true;
    usage[6] = true;
    assertThat(authority.getKeyUsage()).isEqualTo(usage);
    assertThat(authority.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
  }

  @Test
  void anAddressIsNoName() throws Exception {
    X509Certificate leaf = leaf(authority(key), new HostPattern(false, "192.168.1.10"));
    assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(7, "192.168.1.10"));
    leaf = leaf(authority(key), new HostPattern(false, "2001:db8::1"));
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(List.of(7, "2001:db8:0:0:0:0:0:1"));
  }

  @Test
  void longNamesAndDatesInTheFarFutureAreWrittenRight() throws Exception {
    String name = "a".repeat(60) + "." + "b".repeat(60) + "." + "c".repeat(60) + ".example.org";
    X509Certificate certificate =
        new CertificateBuilder("x".repeat(300), key.getPublic(), NOW, Duration.ofDays(36500))
            .name(new HostPattern(true, name))
            .selfSigned(key);
    assertThat(certificate.getSubjectAlternativeNames()).containsExactly(List.of(2, "*." + name));
    assertThat(certificate.getNotAfter()).isEqualTo(Date.from(NOW.plus(Duration.ofDays(36500))));
    assertThat(certificate.getSubjectX500Principal().getName()).contains("x".repeat(300));
    assertThatCode(() -> certificate.verify(key.getPublic())).doesNotThrowAnyException();
  }

  @Test
  void aChallengesAnswerHoldsTheDigestInACriticalExtension() {
    byte[] digest = new byte[32];
    digest[0] = 1;
    X509Certificate certificate =
        new CertificateBuilder("challenge", key.getPublic(), NOW, Duration.ofDays(1))
            .name(HOST)
            .forChallenge(digest)
            .selfSigned(key);
    String id = "1.3.6.1.5.5.7.1.31";
    assertThat(certificate.getCriticalExtensionOIDs()).containsExactly(id);
    // twice an octet string: the extension's, and the one that RFC 8737 wants in it
    assertThat(certificate.getExtensionValue(id))
        .startsWith(0x04, 0x22, 0x04, 0x20)
        .endsWith(digest);
  }

  private void assertIsTrusted(KeyAndChain authority) throws Exception {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority.leaf(), null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(NOW));
    var path =
        CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf(authority, HOST)));
    assertThatCode(() -> CertPathValidator.getInstance("PKIX").validate(path, parameters))
        .doesNotThrowAnyException();
  }

  private X509Certificate leaf(KeyAndChain authority, HostPattern host) {
    return new CertificateBuilder(host.toString(), key.getPublic(), NOW, Duration.ofDays(30))
        .name(host)
        .forServers()
        .signedBy(authority);
  }

  private static KeyAndChain authority(KeyPair pair) {
    X509Certificate certificate =
        new CertificateBuilder("authority", pair.getPublic(), NOW, Duration.ofDays(3650))
            .forAuthority()
            .selfSigned(pair);
    return new KeyAndChain(pair.getPrivate(), List.of(certificate));
  }
}
