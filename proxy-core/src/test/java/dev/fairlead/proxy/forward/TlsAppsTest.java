package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fairlead.config.routing.Scheme;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.config.routing.UpstreamTls;
import dev.fairlead.proxy.testing.Http2Origin;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.TestCa;
import dev.fairlead.proxy.testing.Wire;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Apps that speak TLS: whose certificate is taken, and for which name. */
class TlsAppsTest {

  private static final TestCa CA = new TestCa();

  @Test
  void anAppWithACertificateOfTheNamedAuthorityIsTrusted() throws Exception {
    try (Origin app = origin("shop");
        ProxyFixture proxy = routing(app, https("shop", CA));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.get("a.test", "/").read().body()).isEqualTo("by TLS");
      }
      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void aLargeBodyComesWhole() throws Exception {
    int size = 20_000_000;
    try (Origin app =
            Origin.tls(
                CA.identity("shop"),
                (request, connection) -> {
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                  connection.send(new byte[size]);
                });
        ProxyFixture proxy = routing(app, https("shop", CA));
        Wire client = proxy.connectTls("a.test")) {
      client.get("a.test", "/").readHead();

      assertThat(client.skip(size)).isEqualTo(size);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
  void aCertificateMayBeThatOfAnAddress(String address) throws Exception {
    try (Origin app = origin(address);
        ProxyFixture proxy = routing(app, https(address, CA));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("by TLS");
    }
    try (Origin app = origin(address);
        ProxyFixture proxy = routing(app, https("192.0.2.2", CA))) {
      assertRefused(proxy, "192.0.2.2");
    }
  }

  @Test
  void aCertificateOfAnotherNameIsRefused() throws Exception {
    try (Origin app = origin("shop");
        ProxyFixture proxy = routing(app, https("blog", CA))) {
      assertRefused(proxy, "blog");
    }
  }

  /** The access log says it; a log with a stack for each request would be full of it. */
  @Test
  void aRefusalLogsNothing() throws Exception {
    Logger netty = (Logger) LoggerFactory.getLogger("io.netty.channel.DefaultChannelPipeline");
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    netty.addAppender(logged);
    try (Origin app = origin("shop");
        ProxyFixture proxy = routing(app, https("blog", CA))) {
      assertRefused(proxy, "blog");
      assertThat(logged.list).isEmpty();
    } finally {
      netty.detachAppender(logged);
    }
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
    try (Origin app = origin("shop");
        ProxyFixture proxy = routing(app, https("shop", new TestCa()))) {
      assertRefused(proxy, "certificate is not taken");
    }
  }

  @Test
  void theWellKnownAuthoritiesDoNotVouchForIt() throws Exception {
    UpstreamTls tls = new UpstreamTls("shop", true, Optional.empty());
    try (Origin app = origin("shop");
        ProxyFixture proxy =
            routing(app, new UpstreamSpec(Scheme.HTTPS, Optional.of(tls), false))) {
      assertRefused(proxy, "certificate is not taken");
    }
  }

  @Test
  void withoutVerificationAnyCertificateWillDo() throws Exception {
    UpstreamTls tls = new UpstreamTls("not_a_name", false, Optional.empty());
    try (Origin app = origin("shop");
        ProxyFixture proxy = routing(app, new UpstreamSpec(Scheme.HTTPS, Optional.of(tls), false));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("by TLS");
    }
  }

  @Test
  void anAppWithoutTlsIsNoApp() throws Exception {
    try (Origin app = Origin.scripted(connection -> connection.send("220 hello\r\n").awaitEnd());
        ProxyFixture proxy = routing(app, https("shop", CA))) {
      assertRefused(proxy, "TLS");
    }
  }

  @Test
  void webSocketsGoByTls() throws Exception {
    try (Origin app =
            Origin.tls(
                CA.identity("shop"),
                (request, connection) -> {
                  connection.head(
                      "HTTP/1.1 101 Switching Protocols",
                      "Connection: Upgrade",
                      "Upgrade: websocket");
                  connection.send("echo " + connection.readLine() + "\n");
                });
        ProxyFixture proxy = routing(app, https("shop", CA));
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.1", "Host: a.test", "Connection: Upgrade", "Upgrade: websocket");
      assertThat(client.readHead().status()).isEqualTo(101);
      assertThat(client.send("hello\n").readLine()).isEqualTo("echo hello");
    }
  }

  @Test
  void http2GoesByTlsWhereTheAppAgrees() throws Exception {
    UpstreamSpec h2 =
        new UpstreamSpec(
            Scheme.H2,
            Optional.of(new UpstreamTls("shop", true, Optional.of(CA.rootPem()))),
            false);
    try (Http2Origin app =
            Http2Origin.tls(
                CA.identity("shop"), stream -> stream.answer("by " + stream.field(":scheme")));
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", h2, app.endpoint()));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("by https");
    }
    try (Http2Origin app =
            Http2Origin.tls(
                CA.identity("shop"),
                List.of(ApplicationProtocolNames.HTTP_1_1),
                stream -> stream.answer("never"));
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", h2, app.endpoint()))) {
      assertRefused(proxy, "HTTP/2");
    }
  }

  private static Origin origin(String name) {
    return Origin.tls(CA.identity(name), (request, connection) -> Origin.ok(connection, "by TLS"));
  }

  private static UpstreamSpec https(String name, TestCa authority) {
    return new UpstreamSpec(
        Scheme.HTTPS,
        Optional.of(new UpstreamTls(name, true, Optional.of(authority.rootPem()))),
        false);
  }

  private static ProxyFixture routing(Origin app, UpstreamSpec upstream) {
    return ProxyFixture.routing(spec -> spec.route("a.test", upstream, app.endpoint()));
  }

  private static void assertRefused(ProxyFixture proxy, String why) throws Exception {
    try (Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(503);
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().detail()).contains(why);
    }
  }
}
