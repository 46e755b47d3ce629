package dev.fairlead.acme.pem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.KeySettings;
import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of key that certificates are ordered for. */
class KeysTest {

  /** A large RSA key takes seconds. */
  private static final Map<KeySettings.Type, KeyPair> PAIRS =
      Stream.of(KeySettings.Type.values())
          .collect(Collectors.toMap(Function.identity(), Keys::newPair));

  @ParameterizedTest
  @EnumSource
  void isStoredReadAndRecognized(KeySettings.Type type) throws Exception {
    KeyPair pair = pair(type);
    KeyPair another =
        Keys.newPair(type == KeySettings.Type.RSA4096 ? KeySettings.Type.RSA2048 : type);

    PrivateKey read = Pem.privateKey(Pem.of(pair.getPrivate()));

    assertThat(read).isEqualTo(pair.getPrivate());
    assertThat(Pem.publicKey(Pem.of(pair.getPublic()))).isEqualTo(pair.getPublic());
    assertThat(Keys.belongTogether(read, pair.getPublic())).isTrue();
    assertThat(Keys.belongTogether(read, another.getPublic())).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void isOfItsOwnKindAlone(KeySettings.Type type) {
    KeyPair pair = pair(type);

    for (KeySettings.Type each : KeySettings.Type.values()) {
      assertThat(Keys.isOf(each, pair.getPublic())).as(each.name()).isEqualTo(each == type);
    }
  }

  @ParameterizedTest
  @EnumSource
  void signsWhatItsPublicHalfVerifies(KeySettings.Type type) throws Exception {
    KeyPair pair = pair(type);

    X509Certificate certificate =
        new CertificateBuilder("test", pair.getPublic(), Instant.now(), Duration.ofDays(1))
            .name(new HostPattern(false, "shop.example.org"))
            .selfSigned(pair);

    certificate.verify(pair.getPublic());
  }

  private static KeyPair pair(KeySettings.Type type) {
    return Objects.requireNonNull(PAIRS.get(type));
  }
}
