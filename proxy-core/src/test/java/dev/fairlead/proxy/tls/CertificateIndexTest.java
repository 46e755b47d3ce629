package dev.fairlead.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.proxy.testing.ProxyFixture;
import io.netty.handler.ssl.SslContext;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is found for a host, and for how long it stays. */
class CertificateIndexTest {

  private static final HostPattern HOST = new HostPattern(false, "a.test");

  private final CertificateIndex index = new CertificateIndex();

  private @Nullable SslContext publish(ServerCertificate certificate) {
    index.publish(Map.of(HOST, certificate), Optional.empty());
    return index.find("a.test");
  }

  @Test
  void theContextOfACertificateIsMadeOnce() throws Exception {
    ServerCertificate certificate = ProxyFixture.ca().issue("a.test");
    SslContext first = publish(certificate);
    assertThat(first).isNotNull();
    assertThat(index.find("a.test")).isSameAs(first);
    assertThat(publish(certificate)).isSameAs(first);
    assertThat(publish(ProxyFixture.ca().issue("a.test"))).isNotNull().isNotSameAs(first);
  }

  @Test
  void nothingIsFoundForAHostThatIsGone() throws Exception {
    publish(ProxyFixture.ca().issue("a.test"));
    index.publish(Map.of(), Optional.empty());
    assertThat(index.find("a.test")).isNull();
  }

  @Test
  void aCertificateThatCannotBeUsedLeavesTheOneBefore() throws Exception {
    ServerCertificate good = ProxyFixture.ca().issue("a.test");
    SslContext before = publish(good);
    assertThat(publish(unusable(good))).isSameAs(before);
    assertThat(publish(unusable(good))).isSameAs(before);
  }

  @Test
  void aFallbackThatCannotBeUsedChangesNothing() throws Exception {
    ServerCertificate good = ProxyFixture.ca().issue("a.test");
    SslContext before = publish(good);
    ServerCertificate bad = unusable(good);
    assertThatThrownBy(() -> index.publish(Map.of(), Optional.of(bad)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("EdDSA (expected: EC or RSA)");
    assertThat(index.find("a.test")).isSameAs(before);
  }

  private static ServerCertificate unusable(ServerCertificate like) throws Exception {
    return new ServerCertificate(
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate(),
        List.copyOf(like.chain()));
  }
}
