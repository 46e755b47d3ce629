package dev.fairlead.acme.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys as programs in Go write them, and as nobody should. */
class KeyFormsTest {

  @Test
  void readsAnRsaKeyInAllItsForms() throws Exception {
    KeyPair pair = rsa();
    byte[] pkcs1 = DerValues.content(DerValues.inside(pair.getPrivate().getEncoded()).get(2));
    assertThat(KeyForms.privateKey(block("RSA PRIVATE KEY", pkcs1))).isEqualTo(pair.getPrivate());
    assertThat(KeyForms.rsa(pkcs1)).isEqualTo(pair.getPrivate());
    assertThat(KeyForms.privateKey(Pem.of(pair.getPrivate()))).isEqualTo(pair.getPrivate());
    assertThat(KeyForms.pair(pair.getPrivate()).getPublic()).isEqualTo(pair.getPublic());
  }

  @Test
  void readsAnEcKeyInAllItsForms() throws Exception {
    KeyPair pair = Keys.newP256();
    String go = block("EC PRIVATE KEY", withCurve(pair));
    PrivateKey read = KeyForms.privateKey(go);
    assertThat(Keys.belongTogether(read, pair.getPublic())).isTrue();
    assertThat(Keys.provesTo(pair.getPublic(), read)).isTrue();
    assertThat(KeyForms.pair(read).getPublic()).isEqualTo(pair.getPublic());
    assertThat(Pem.privateKey(Pem.of(read))).isEqualTo(read);
    assertThat(KeyForms.pair(KeyForms.privateKey(Pem.of(pair.getPrivate()))).getPublic())
        .isEqualTo(pair.getPublic());
  }

  @Test
  void aKeyThatNamesAnothersPublicHalfProvesNothing() throws Exception {
    KeyPair own = Keys.newP256();
    KeyPair anothers = Keys.newP256();
    byte[] lying =
        sec1(
            DerValues.inside(sec1Of(own)).get(1),
            curve(own),
            Der.explicit(1, Der.lastValue(anothers.getPublic().getEncoded())));
    PrivateKey read = KeyForms.privateKey(block("EC PRIVATE KEY", lying));
    assertThat(Keys.belongTogether(read, anothers.getPublic())).isTrue();
    assertThat(Keys.provesTo(anothers.getPublic(), read)).isFalse();
    assertThat(Keys.provesTo(own.getPublic(), read)).isTrue();
  }

  @Test
  void whateverIsCutOffOrLongerThanItSaysIsRefusedInWordsOfOurOwn() {
    byte[] whole = withCurve(Keys.newP256());
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> KeyForms.privateKey(block("EC PRIVATE KEY", cut)))
          .isInstanceOf(GeneralSecurityException.class)
          .hasMessageNotContaining(Base64.getEncoder().encodeToString(whole).substring(8, 24));
    }
    byte[] endless = {0x30, (byte) 0x84, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    assertThatThrownBy(() -> DerValues.inside(endless)).hasMessage("the key is not DER");
    byte[] indefinite = {0x30, (byte) 0x80, 0, 0};
    assertThatThrownBy(() -> DerValues.inside(indefinite)).hasMessage("the key is not DER");
  }

  @Test
  void aPublicKeyMayBeRsaToo() throws Exception {
    KeyPair pair = rsa();
    assertThat(Pem.publicKey(Pem.of(pair.getPublic()))).isEqualTo(pair.getPublic());
  }

  private static KeyPair rsa() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  /** As Go's x509.MarshalECPrivateKey writes it: with the curve and the public half. */
  private static byte[] withCurve(KeyPair pair) {
    try {
      List<byte[]> values = DerValues.inside(sec1Of(pair));
      return sec1(values.get(1), curve(pair), values.get(2));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] sec1(byte[] secret, byte[] curve, byte[] publicHalf) {
    return Der.sequence(Der.integer(BigInteger.ONE), secret, Der.explicit(0, curve), publicHalf);
  }

  private static byte[] sec1Of(KeyPair pair) throws GeneralSecurityException {
    return DerValues.content(DerValues.inside(pair.getPrivate().getEncoded()).get(2));
  }

  private static byte[] curve(KeyPair pair) throws GeneralSecurityException {
    return DerValues.inside(DerValues.inside(pair.getPrivate().getEncoded()).get(1)).get(1);
  }

  private static String block(String type, byte[] bytes) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes));
  }
}
