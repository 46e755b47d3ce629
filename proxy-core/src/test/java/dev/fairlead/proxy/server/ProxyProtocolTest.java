package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** Connections of a trusted proxy that begin with a header of the PROXY protocol. */
class ProxyProtocolTest {

  private static final String LINE = "PROXY TCP4 203.0.113.5 198.51.100.1 56324 443\r\n";
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  private static Origin telling() {
    return Origin.answering(
        (request, connection) ->
            Origin.ok(
                connection,
                request.value("x-forwarded-for")
                    + " | "
                    + request.value("x-real-ip")
                    + " | "
                    + request.value("x-forwarded-proto")));
  }

  private static ProxyFixture expecting(Origin app) {
    return builder().start(spec -> spec.route("a.test", app));
  }

  private static ProxyFixture.Builder builder() {
    return ProxyFixture.builder().trusting("127.0.0.0/8", "10.0.0.0/8").proxyProtocol();
  }

  @Test
  void theAppIsToldWhoseConnectionItIs() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy = expecting(app);
        Wire front = proxy.connect()) {
      front.send(LINE + "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
      assertThat(front.read().body()).isEqualTo("203.0.113.5 | 203.0.113.5 | http");
      // The header is of the connection, not of its first request.
      assertThat(front.get("a.test", "/").read().body()).startsWith("203.0.113.5 |");
    }
  }

  @Test
  void theHeaderMayComeInPieces() throws Exception {
    byte[] second =
        HexFormat.of().parseHex(SIGNATURE + "21110010" + "cb007105c63364018fd801bb" + "04000100");
    try (Origin app = telling();
        ProxyFixture proxy = expecting(app);
        Wire one = proxy.connect();
        Wire other = proxy.connect()) {
      for (byte b : LINE.getBytes(StandardCharsets.US_ASCII)) {
        one.send(new byte[] {b});
      }
      assertThat(one.get("a.test", "/").read().body()).startsWith("203.0.113.5 |");

      for (byte b : second) {
        other.send(new byte[] {b});
      }
      assertThat(other.get("a.test", "/").read().body()).startsWith("203.0.113.5 |");
    }
  }

  @Test
  void theHeaderStandsBeforeTls() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy = expecting(app);
        Wire bare = proxy.connectBare()) {
      bare.send(LINE);
      SSLSocket tls =
          (SSLSocket)
              ProxyFixture.ca()
                  .clientContext()
                  .getSocketFactory()
                  .createSocket(bare.socket(), "a.test", proxy.httpsPort(), true);
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName("a.test")));
      tls.setSSLParameters(parameters);
      try (Wire front = new Wire(tls)) {
        assertThat(front.get("a.test", "/").read().body())
            .isEqualTo("203.0.113.5 | 203.0.113.5 | https");
      }
    }
  }

  @Test
  void theFrontsOwnConnectionIsItsOwn() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy = expecting(app);
        Wire check = proxy.connect();
        Wire unknown = proxy.connect()) {
      String[] request = {
        "GET / HTTP/1.1", "Host: a.test", "X-Forwarded-For: 1.1.1.1", "X-Forwarded-Proto: https"
      };
      check.send(HexFormat.of().parseHex(SIGNATURE + "20000000"));
      assertThat(check.head(request).read().body())
          .isEqualTo("1.1.1.1, 127.0.0.1 | 1.1.1.1 | https");

      // Somebody whom the front cannot name is not the front.
      unknown.send("PROXY UNKNOWN\r\n");
      assertThat(unknown.head(request).read().body()).isEqualTo("127.0.0.1 | 127.0.0.1 | http");
    }
  }

  @Test
  void eachVisitorBehindItHasALimit() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy =
            builder().connections(100, 1).start(spec -> spec.route("a.test", app));
        Wire one = proxy.connect();
        Wire same = proxy.connect();
        Wire other = proxy.connect()) {
      one.send(LINE).get("a.test", "/");
      assertThat(one.read().body()).startsWith("203.0.113.5 |");
      same.send(LINE);
      assertThat(ended(same)).isTrue();
      other.send(LINE.replace("203.0.113.5", "203.0.113.6")).get("a.test", "/");
      assertThat(other.read().body()).startsWith("203.0.113.6 |");
    }
  }

  /** A load balancer of the protocol before a proxy that ends TLS, both trusted. */
  @Test
  void whoIsNamedIsBelievedOnlyWhenTrustedToo() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy = expecting(app);
        Wire stranger = proxy.connect();
        Wire front = proxy.connect()) {
      String[] request = {
        "GET / HTTP/1.1", "Host: a.test", "X-Forwarded-For: 1.1.1.1", "X-Forwarded-Proto: https"
      };
      stranger.send(LINE);
      assertThat(stranger.head(request).read().body())
          .isEqualTo("203.0.113.5 | 203.0.113.5 | http");

      front.send("PROXY TCP4 10.0.0.7 198.51.100.1 56324 443\r\n");
      assertThat(front.head(request).read().body())
          .isEqualTo("1.1.1.1, 10.0.0.7 | 1.1.1.1 | https");
    }
  }

  @Test
  void aTrustedConnectionWithoutAHeaderIsClosed() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy = expecting(app);
        Wire plain = proxy.connect();
        Wire tls = proxy.connectBare();
        Wire wrong = proxy.connect()) {
      plain.get("a.test", "/");
      assertThat(ended(plain)).isTrue();
      tls.send(new byte[] {0x16, 3, 1});
      assertThat(ended(tls)).isTrue();
      wrong.send("PROXY TCP4 203.0.113.5\r\nGET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
      assertThat(ended(wrong)).isTrue();
      assertThat(app.connections()).isZero();
      assertThat(proxy.log()).isEmpty();
    }
  }

  @Test
  void aHeaderThatDoesNotComeInTimeEndsTheConnection() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy =
            builder()
                .headerTimeout(Duration.ofMillis(300))
                .start(spec -> spec.route("a.test", app));
        Wire plain = proxy.connect();
        Wire tls = proxy.connectBare()) {
      assertThat(ended(plain)).isTrue();
      assertThat(ended(tls)).isTrue();
    }
  }

  @Test
  void aStrangersHeaderIsNoRequest() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy =
            ProxyFixture.builder()
                .trusting("10.0.0.0/8")
                .proxyProtocol()
                .start(spec -> spec.route("a.test", app));
        Wire stranger = proxy.connect();
        Wire liar = proxy.connect()) {
      assertThat(stranger.get("a.test", "/").read().body()).startsWith("127.0.0.1 |");
      liar.send(LINE + "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
      assertThat(liar.read().status()).isEqualTo(400);
      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void aDrainDoesNotWaitForHeaders() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy =
            builder().drainTimeout(Duration.ofSeconds(3)).start(spec -> spec.route("a.test", app));
        Wire silent = proxy.connect()) {
      silent.send("PROXY ");
      await().until(() -> proxy.server().openConnections() == 1);
      assertThat(proxy.server().drain()).isZero();
      assertThat(ended(silent)).isTrue();
    }
  }

  private static boolean ended(Wire wire) {
    try {
      return wire.socket().getInputStream().read() < 0;
    } catch (IOException reset) {
      return !(reset instanceof SocketTimeoutException);
    }
  }
}
