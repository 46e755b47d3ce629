package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.config.bootstrap.ListenerSettings;
import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.forward.HttpChallenges;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.TestLimits;
import dev.fairlead.proxy.testing.Wire;
import dev.fairlead.proxy.tls.CertificateIndex;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Ports: warming, active, taken. */
class ListenerTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  @Test
  void whoConnectsBeforeTheProxyIsReadyWaitsAndIsServed() throws Exception {
    try (Origin app = Origin.named("hello");
        ProxyFixture proxy = ProxyFixture.builder().bind();
        Wire client = proxy.connect()) {
      client.get("a.test", "/");
      assertThat(client.isSilent(Duration.ofMillis(200))).isTrue();

      proxy.publish(spec -> spec.route("a.test", app));
      proxy.server().activate();

      assertThat(client.read().body()).isEqualTo("hello");
    }
  }

  @Test
  void anActiveProxyThatKnowsNothingYetSaysSo() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.builder().bind();
        Wire client = proxy.connect()) {
      proxy.server().activate();

      assertThat(client.get("a.test", "/").read().status()).isEqualTo(503);
    }
  }

  @RepeatedTest(10)
  void aPortThatIsTakenIsOneSentenceAndNothingIsBound() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int free = freePort();
      ListenAddress http = address(free);
      ListenAddress https = address(taken.getLocalPort());

      assertThatThrownBy(() -> bind(http, https))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "listeners.https: 127.0.0.1:" + taken.getLocalPort() + " (expected: a free port")
          .message()
          .doesNotContain("\n");
      assertThatThrownBy(() -> new Socket(InetAddress.ofLiteral("127.0.0.1"), free).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void aNameThatIsNoneIsOneSentence() {
    ListenAddress nowhere = new ListenAddress(Optional.of("no-such-name.invalid"), 0);

    assertThatThrownBy(() -> bind(nowhere, address(0)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "listeners.http: no-such-name.invalid:0 (expected: an address of this machine)");
  }

  @Test
  void aClientByIpv4HasAnIpv4AddressOnAPortForAll() throws Exception {
    ListenAddress all = new ListenAddress(Optional.empty(), 0);
    try (Origin app =
            Origin.answering(
                (request, connection) -> Origin.ok(connection, request.value("x-forwarded-for")));
        ProxyFixture proxy =
            ProxyFixture.builder().listen(all).start(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("127.0.0.1");
    }
  }

  private static void bind(ListenAddress http, ListenAddress https) throws IOException {
    ProxyServer.bind(
            new ListenerSettings(http, https, address(0), 443),
            TrustSettings.NOBODY,
            new TimeoutSettings(LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT),
            new TestLimits().settings(),
            Runtime.getRuntime().maxMemory(),
            new byte[] {1},
            new ForwardedSettings(
                ForwardedSettings.Header.X_FORWARDED, ForwardedSettings.NewTrace.OFF),
            new CertificateIndex(),
            (host, token) -> CompletableFuture.completedFuture(new HttpChallenges.None()),
            host -> CompletableFuture.completedFuture(Optional.empty()),
            entry -> {})
        .close();
  }

  private static ListenAddress address(int port) {
    return new ListenAddress(Optional.of("127.0.0.1"), port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
