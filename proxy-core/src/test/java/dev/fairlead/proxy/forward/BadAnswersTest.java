package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an app says that is no answer is nobody's. */
class BadAnswersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: "
      })
  void anAnswerThatIsNoneIsABadGateway(String answer) throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send(answer);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message received = client.get("a.test", "/").read();

      assertThat(received.status()).isEqualTo(502);
      assertThat(received.value("cache-control")).isEqualTo("no-store");
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(502);
    }
  }

  @Test
  void bytesThatNobodyAskedForCloseTheAppsConnection() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  // At once: what comes later, after the next request was sent, is its answer.
                  connection.send(
                      "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmine"
                          + "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 10; i++) {
        Message answer = client.get("a.test", "/").read();
        assertThat(answer.body()).as("request %d", i).isIn("mine");
      }
    }
  }
}
