package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no request of HTTP/1 is refused, and no app sees it. */
class BadRequestsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a.test\r\nHost: a.test\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a.test\r\n\r\n",
        "GET / HTTP/1.1\nHost: a.test\n\n",
        "GET / HTTP/1.2\r\nHost: a.test\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: a.test\r\n\r\n",
        "GET / HTTP/3\r\nHost: a.test\r\n\r\n",
        "GET /\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.test\r\nX: \u0000\r\n\r\n",
        "POST / HTTP/1.1\r\n"
            + "Host: a.test\r\n"
            + "Content-Length: 1\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n"
      })
  void aRequestThatIsNoneIsRefused(String request) throws Exception {
    try (Origin app = Origin.named("never");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message answer = client.send(request).read();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(app.connections()).isZero();
    }
  }

  @Test
  void aFieldOnTwoLinesIsRefused() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {});
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a.test\r\nX: a\r\n \t b\r\n\r\n");

      // RFC 9112 §5.2: refuse it, or replace the fold by spaces; servers differ in how.
      assertThat(client.read().status()).isEqualTo(400);
      client.awaitClose();
    }
  }

  @Test
  void aHeadThatIsTooLargeHasItsOwnStatus() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {});
        Wire client = proxy.connect();
        Wire other = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a.test\r\nX: " + "x".repeat(33_000) + "\r\n\r\n");
      other.send("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: a.test\r\n\r\n");

      assertThat(client.read().status()).isEqualTo(431);
      client.awaitClose();
      assertThat(other.read().status()).isEqualTo(414);
      other.awaitClose();
    }
  }
}
