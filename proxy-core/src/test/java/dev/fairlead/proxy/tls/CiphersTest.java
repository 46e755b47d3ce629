package dev.fairlead.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.proxy.testing.ProxyFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keys a connection is encrypted with. */
class CiphersTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allHaveForwardSecrecyAndAuthenticateWhatTheyEncrypt(boolean rsa) {
    ServerCertificate certificate =
        rsa ? ProxyFixture.ca().issueRsa("a.test") : ProxyFixture.ca().issue("a.test");

    assertThat(TlsContexts.forWeb(certificate).cipherSuites())
        .isNotEmpty()
        .allMatch(name -> name.matches("TLS_(ECDHE_(RSA|ECDSA)_WITH_)?(AES|CHACHA20)_.*"))
        .allMatch(name -> name.contains("_GCM_") || name.contains("_POLY1305_"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
      })
  void clientsWithoutTls13AgreeOnAnyOfThem(String cipher) throws Exception {
    try (ProxyFixture proxy = withRsaKey()) {
      assertThat(negotiate(proxy, cipher)).isEqualTo(cipher);
    }
  }

  @Test
  void clientsThatHaveNoneOfThemAreRefused() throws Exception {
    try (ProxyFixture proxy = withRsaKey()) {
      assertThatThrownBy(() -> negotiate(proxy, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"))
          .isInstanceOf(SSLException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aKeyOnTheCurveP384Serves(String version) throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {})) {
      proxy.certificate("a.test", ProxyFixture.ca().issueP384("a.test"));
      String cipher =
          version.equals("TLSv1.2")
              ? "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
              : "TLS_AES_128_GCM_SHA256";

      assertThat(negotiate(proxy, cipher, version)).isEqualTo(cipher);
    }
  }

  private static ProxyFixture withRsaKey() {
    ProxyFixture proxy = ProxyFixture.routing(spec -> {});
    proxy.certificate("a.test", ProxyFixture.ca().issueRsa("a.test"));
    return proxy;
  }

  private static String negotiate(ProxyFixture proxy, String cipher) throws IOException {
    return negotiate(proxy, cipher, "TLSv1.2");
  }

  private static String negotiate(ProxyFixture proxy, String cipher, String version)
      throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            ProxyFixture.ca()
                .clientContext()
                .getSocketFactory()
                .createSocket(InetAddress.ofLiteral("127.0.0.1"), proxy.httpsPort())) {
      SSLParameters parameters = new SSLParameters(new String[] {cipher}, new String[] {version});
      parameters.setServerNames(List.of(new SNIHostName("a.test")));
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(15_000);
      socket.startHandshake();
      return socket.getSession().getCipherSuite();
    }
  }
}
