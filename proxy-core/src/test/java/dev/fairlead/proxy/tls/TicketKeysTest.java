package dev.fairlead.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.proxy.testing.ProxyFixture;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What keys are derived for; that they work is shown by openssl, in the conformance tests. */
class TicketKeysTest {

  private static final byte[] SECRET = secret(1);

  private final ServerCertificate certificate = ProxyFixture.ca().issue("a.test", "b.test");

  @Test
  void everyInstanceDerivesTheSame() {
    ServerCertificate loadedElsewhere =
        new ServerCertificate(certificate.key(), List.copyOf(certificate.chain()));
    assertThat(key(SECRET, "a.test", loadedElsewhere))
        .isEqualTo(key(SECRET, "a.test", certificate));
  }

  @Test
  void everyHostCertificateAndSecretHasKeysAndNamesOfItsOwn() {
    ServerCertificate renewed = ProxyFixture.ca().issue("a.test", "b.test");
    List<OpenSslSessionTicketKey> keys =
        List.of(
            derive(SECRET, "a.test", certificate),
            derive(SECRET, "b.test", certificate),
            derive(SECRET, "*.test", certificate),
            derive(SECRET, "", certificate),
            derive(SECRET, "a.test", renewed),
            derive(secret(2), "a.test", certificate));
    List<String> parts =
        keys.stream()
            .flatMap(key -> Stream.of(key.name(), key.hmacKey(), key.aesKey()))
            .map(HexFormat.of()::formatHex)
            .toList();
    assertThat(parts).doesNotHaveDuplicates().hasSize(18);
  }

  // RFC 5869, appendix A.1, from its PRK on.
  @Test
  void theDerivationIsThatOfTheRfc() {
    byte[] prk =
        HexFormat.of().parseHex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    byte[] info = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9");
    OpenSslSessionTicketKey key = TicketKeys.derive(prk, info);
    assertThat(
            HexFormat.of().formatHex(key.name())
                + HexFormat.of().formatHex(key.hmacKey())
                + HexFormat.of().formatHex(key.aesKey()))
        .startsWith(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  }

  @Test
  void aShortSecretIsRefused() {
    assertThatThrownBy(() -> new TicketKeys().use(List.of(SECRET, new byte[31])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("secret of tickets: 31 bytes (expected: at least 32)");
  }

  private static String key(byte[] secret, String host, ServerCertificate certificate) {
    OpenSslSessionTicketKey key = derive(secret, host, certificate);
    return Arrays.toString(key.name())
        + Arrays.toString(key.hmacKey())
        + Arrays.toString(key.aesKey());
  }

  private static OpenSslSessionTicketKey derive(
      byte[] secret, String host, ServerCertificate certificate) {
    return TicketKeys.derive(secret, TicketKeys.scope(host, certificate));
  }

  private static byte[] secret(int fill) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) fill);
    return secret;
  }
}
