package dev.fairlead.acme.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.config.routing.HostPattern;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {

  private static final HostPattern HOST = new HostPattern(false, "shop.example.org");

  @Test
  void readsWhatItWrites() throws Exception {
    KeyPair key = Keys.newP256();
    X509Certificate certificate = certificate(key, HOST);
    assertThat(Pem.privateKey(Pem.of(key.getPrivate()))).isEqualTo(key.getPrivate());
    assertThat(Pem.publicKey(Pem.of(key.getPublic()))).isEqualTo(key.getPublic());
    assertThat(Pem.certificates(Pem.of(List.of(certificate, certificate))))
        .containsExactly(certificate, certificate);
    assertThat(Pem.of(key.getPrivate())).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("\n");
  }

  @Test
  void readsAnRsaKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair key = generator.generateKeyPair();
    assertThat(Pem.privateKey(Pem.of(key.getPrivate()))).isEqualTo(key.getPrivate());
    assertThat(Keys.belongTogether(key.getPrivate(), key.getPublic())).isTrue();
  }

  @Test
  void saysWhatIsWrongWithoutShowingIt() {
    assertThatThrownBy(() -> Pem.privateKey("c2VjcmV0"))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage("no private key in it");
    assertThatThrownBy(
            () ->
                Pem.privateKey("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage("the private key is neither EC nor RSA");
    assertThatThrownBy(() -> Pem.certificates("")).isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void passesOverWhatIsNoWholeBlock() throws Exception {
    KeyPair key = Keys.newP256();
    X509Certificate one = certificate(key, HOST);
    X509Certificate other = certificate(Keys.newP256(), HOST);
    String text =
        "-----BEGIN CERTIFICATE-----END CERTIFICATE-----\n"
            + "subject=/CN=shop\n"
            + "-----BEGIN CERTIFICATE-----\n"
            + "no end\n"
            + Pem.of(List.of(one)).replace("\n", "\r\n")
            + "issuer=/CN=ca\n"
            + Pem.of(key.getPrivate())
            + Pem.of(List.of(other)).replace("\n", " \t\f\u000b\n ")
            + "-----BEGIN CERTIFICATE-----\nMIIB";
    assertThat(Pem.certificates(text)).containsExactly(one, other);
    assertThat(Pem.privateKey(text)).isEqualTo(key.getPrivate());
  }

  @Test
  void refusesWhatIsNotBase64() {
    for (String content : List.of("", "\n", "MII*", "MII.", "M", "ÄÖÜ=", "AAAA=AAA")) {
      String text = "-----BEGIN CERTIFICATE-----\n" + content + "\n-----END CERTIFICATE-----\n";
      assertThatThrownBy(() -> Pem.certificates(text))
          .as(content)
          .isInstanceOf(GeneralSecurityException.class);
      assertThatThrownBy(() -> Pem.privateKey(text.replace("CERTIFICATE", "PRIVATE KEY")))
          .as(content)
          .isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void keysThatDoNotBelongTogetherAreSeen() throws Exception {
    KeyPair key = Keys.newP256();
    assertThat(Keys.belongTogether(key.getPrivate(), key.getPublic())).isTrue();
    assertThat(Keys.belongTogether(key.getPrivate(), Keys.newP256().getPublic())).isFalse();
    assertThat(Keys.belongTogether(key.getPrivate(), keyOnAnotherCurve())).isFalse();
  }

  @Test
  void aStoredKeyBringsItsPublicHalf() throws Exception {
    for (int i = 0; i < 50; i++) { // one secret in 256 begins with a zero
      KeyPair key = Keys.newP256();
      PrivateKey read = Pem.privateKey(Pem.of(key.getPrivate()));
      assertThat(read).isEqualTo(key.getPrivate());
      assertThat(Keys.belongTogether(withoutPublicHalf(read), key.getPublic())).isTrue();
      assertThat(Keys.belongTogether(read, key.getPublic())).isTrue();
      assertThat(Keys.belongTogether(read, Keys.newP256().getPublic())).isFalse();
      assertThat(Keys.belongTogether(read, keyOnAnotherCurve())).isFalse();
    }
  }

  private static PrivateKey withoutPublicHalf(PrivateKey key) throws GeneralSecurityException {
    ECPrivateKey ec = (ECPrivateKey) key;
    PrivateKey bare =
        KeyFactory.getInstance("EC")
            .generatePrivate(new ECPrivateKeySpec(ec.getS(), ec.getParams()));
    assertThat(bare.getEncoded()).hasSizeLessThan(key.getEncoded().length);
    return bare;
  }

  private static PublicKey keyOnAnotherCurve() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    return generator.generateKeyPair().getPublic();
  }

  @Test
  void aPairDoesNotPrintItsKey() {
    KeyPair key = Keys.newP256();
    assertThat(new KeyAndChain(key.getPrivate(), List.of(certificate(key, HOST))).toString())
        .startsWith("KeyAndChain[")
        .doesNotContain("PrivateKey", "EC");
  }

  @Test
  void namesAreComparedAsWhole() {
    KeyPair key = Keys.newP256();
    HostPattern wildcard = new HostPattern(true, "example.org");
    assertThat(Names.covers(certificate(key, HOST), HOST)).isTrue();
    assertThat(Names.covers(certificate(key, wildcard), HOST)).isFalse();
    assertThat(Names.covers(certificate(key, wildcard), wildcard)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"203.0.113.5", "2001:db8::1", "::1"})
  void anAddressIsNamedAsAnAddress(String text) {
    KeyPair key = Keys.newP256();
    HostPattern address = HostPattern.parse(text).orElseThrow();
    X509Certificate certificate = certificate(key, address);
    assertThat(Names.covers(certificate, address)).isTrue();
    assertThat(Names.hosts(certificate)).containsExactly(address);
    assertThat(Names.dns(certificate)).isEmpty();
    assertThat(Names.covers(certificate, HostPattern.parse("203.0.113.50").orElseThrow()))
        .isFalse();
    assertThat(Names.covers(certificate(key, HOST), address)).isFalse();
  }

  private static X509Certificate certificate(KeyPair key, HostPattern host) {
    return new CertificateBuilder("test", key.getPublic(), Instant.now(), Duration.ofDays(1))
        .name(host)
        .selfSigned(key);
  }
}
