package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Requests;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that are IP addresses: their clients name no host in TLS (RFC 6066 §3). */
class AddressHostsTest {

  @ParameterizedTest
  @EnumSource
  void aClientOfAnIpv4AddressTrustsItsCertificate(HttpClient.Version version) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("127.0.0.1", app));
        HttpClient client = ProxyFixture.client(version)) {
      proxy.certificates("127.0.0.1", "a.test");

      HttpResponse<String> answer = get(client, proxy, "127.0.0.1");
      assertThat(answer.body()).isEqualTo("app");
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.headers().firstValue("strict-transport-security")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientOfAnIpv6AddressTrustsItsCertificate(HttpClient.Version version) throws Exception {
    assumeTrue(hasIpv6(), "Left out: this machine has no ::1");
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .listen(new ListenAddress(Optional.of("::1"), 0))
                .start(spec -> spec.route("::1", app));
        HttpClient client = ProxyFixture.client(version)) {
      proxy.certificates("::1", "127.0.0.1");

      HttpResponse<String> answer = get(client, proxy, "[::1]");
      assertThat(answer.body()).isEqualTo("app");
      assertThat(answer.version()).isEqualTo(version);
    }
  }

  @Test
  void anAddressThatIsNotRoutedHasNoCertificate() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("127.0.0.1", app));
        HttpClient client = ProxyFixture.client(HttpClient.Version.HTTP_2)) {
      proxy.certificates("a.test");

      assertThatThrownBy(() -> get(client, proxy, "127.0.0.1"))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,                127.0.0.1",
    "127.0.0.1:8443,           127.0.0.1:8443",
    "127.0.0.1.,               127.0.0.1",
    "[2001:db8::1],            [2001:db8::1]",
    "[2001:db8::1]:8443,       [2001:db8::1]:8443",
    "[2001:DB8:0:0:0:0:0:1]:1, [2001:db8::1]:1",
  })
  void anAddressIsRoutedHoweverItIsWritten(String sent, String told) throws Exception {
    Requests seen = new Requests();
    try (Origin app = seen.origin();
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("127.0.0.1", app).route("2001:db8::1", app));
        Wire client = proxy.connectTls("")) {
      assertThat(client.get(sent, "/").read().status()).isEqualTo(200);
      assertThat(seen.next().value("host")).isEqualTo(told);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.01,         404",
    "127.1,              404",
    "2130706433,         404",
    "0x7f.0.0.1,         404",
    "127.0.0.10,         404",
    "[::ffff:127.0.0.1], 404",
    "[2001:db8::2],      404",
    "2001:db8::1,        400",
    "[127.0.0.1],        400",
    "[2001:db8::1%eth0], 400",
    "[2001:db8::1,       400"
  })
  void nothingElseIsThatAddress(String sent, int status) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("127.0.0.1", app).route("2001:db8::1", app));
        Wire client = proxy.connectTls("")) {
      assertThat(client.get(sent, "/").read().status()).isEqualTo(status);
      assertThat(app.requests()).isZero();
    }
  }

  @Test
  void aConnectionThatWasMadeForAnotherHostIsMisdirected() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec -> spec.route("a.test", app).route("127.0.0.1", app).route("8.8.8.8", app));
        Wire ofName = proxy.connectTls("a.test");
        Wire ofAddress = proxy.connectTls("127.0.0.1");
        Wire ofNobody = proxy.connectTls("")) {
      assertThat(ofName.get("127.0.0.1", "/").read().status()).isEqualTo(421);
      assertThat(ofName.get("a.test", "/").read().body()).isEqualTo("app");
      assertThat(ofAddress.get("8.8.8.8", "/").read().status()).isEqualTo(421);
      assertThat(ofAddress.get("127.0.0.1", "/").read().body()).isEqualTo("app");
      assertThat(ofNobody.get("127.0.0.1", "/").read().body()).isEqualTo("app");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "[2001:db8::1]"})
  void plainHttpIsRedirectedToTheSameAddress(String host) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .publicHttpsPort(8443)
                .start(spec -> spec.redirected("127.0.0.1", app).redirected("2001:db8::1", app));
        Wire client = proxy.connect()) {
      Message answer = client.get(host + ":8080", "/x?y").read();

      assertThat(answer.status()).isEqualTo(308);
      assertThat(answer.value("location")).isEqualTo("https://" + host + ":8443/x?y");
      assertThat(answer.values("strict-transport-security")).isEmpty();
    }
  }

  private static HttpResponse<String> get(HttpClient client, ProxyFixture proxy, String host)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(proxy.https(host, "/")).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static boolean hasIpv6() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
