package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.EOFException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Every state that waits for bytes ends by itself, and nothing that moves is ended. */
class DeadlinesTest {

  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void aHeadThatDoesNotEndIsAnsweredByATimeout() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.builder().headerTimeout(SHORT).start(spec -> {});
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a.");

      Message answer = client.read();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.value("connection")).isEqualTo("close");
      client.awaitClose();
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().status()).isEqualTo(408);
    }
  }

  @Test
  void theDeadlineOfAHeadIsForAllOfIt() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.builder().headerTimeout(SHORT).start(spec -> {});
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\n");
      // One byte after the other, faster than the deadline.
      while (client.isSilent(Duration.ofMillis(50))) {
        client.send("X");
      }

      assertThat(client.read().status()).isEqualTo(408);
    }
  }

  @Test
  void theSecondHeadHasADeadlineToo() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.builder().headerTimeout(SHORT).start(spec -> {});
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(404);
      client.send("GET /");

      assertThat(client.read().status()).isEqualTo(408);
    }
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.builder().headerTimeout(SHORT).start(spec -> {});
        Wire client = proxy.connect()) {
      client.awaitClose();
      assertThat(proxy.log()).isEmpty();
    }
  }

  @Test
  void aConnectionIsNotKeptForEver() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.builder().keepAliveTimeout(SHORT).start(spec -> {});
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(404);

      client.awaitClose();
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
    }
  }

  @Test
  void anHttp2ConnectionWithoutStreamsIsNotKeptForEver() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.builder().keepAliveTimeout(SHORT).start(spec -> {});
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      assertThat(client.get("/").status()).isEqualTo(404);

      client.goAway().get(10, TimeUnit.SECONDS);
      await().until(() -> !client.isOpen());
    }
  }

  @Test
  void anHttp2ConnectionIsKeptWhileAStreamIsOpen() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  goOn.await();
                  Origin.ok(connection, "late");
                });
        ProxyFixture proxy =
            ProxyFixture.builder()
                .keepAliveTimeout(Duration.ofMillis(100))
                .start(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.get("/");
      assertThatThrownBy(() -> client.goAway().get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      goOn.countDown();

      assertThat(exchange.body()).isEqualTo("late");
    }
  }

  @Test
  void anAppThatDoesNotAnswerIsAGatewayTimeout() throws Exception {
    try (Origin app = Origin.scripted(Wire::awaitEnd);
        ProxyFixture proxy =
            ProxyFixture.builder().idleTimeout(SHORT).start(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(504);

      await().untilAsserted(() -> assertThat(app.openConnections()).isZero());
    }
  }

  @Test
  void anAnswerThatStallsIsCut() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                  connection.awaitClose();
                });
        ProxyFixture proxy =
            ProxyFixture.builder().idleTimeout(SHORT).start(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.get("a.test", "/");

      assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aBodyThatStallsIsARequestTimeout() throws Exception {
    try (Origin app = Origin.scripted(Wire::awaitEnd);
        ProxyFixture proxy =
            ProxyFixture.builder().idleTimeout(SHORT).start(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100\r\n\r\nhalf");

      assertThat(client.read().status()).isEqualTo(408);
      client.awaitClose();
    }
  }

  @Test
  void anAppThatStopsReadingTheBodyIsAGatewayTimeout() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  done.await();
                });
        ProxyFixture proxy =
            ProxyFixture.builder().idleTimeout(SHORT).start(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 1000000000");
      client.sendUntilBlocked(1_000_000_000);

      assertThat(client.read().status()).isEqualTo(504);
      done.countDown();
    }
  }

  @Test
  void anAnswerThatMovesMayTakeAsLongAsItLikes() throws Exception {
    CountDownLatch pause = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.head("HTTP/1.1 200 OK", "Content-Length: 20");
                  for (int i = 0; i < 20; i++) {
                    connection.send("x");
                    pause.await(50, TimeUnit.MILLISECONDS);
                  }
                });
        ProxyFixture proxy =
            ProxyFixture.builder().idleTimeout(SHORT).start(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().body()).hasSize(20);
    }
  }

  @Test
  void aClientThatDoesNotReadAnymoreIsCut() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.head("HTTP/1.1 200 OK", "Content-Length: 1000000000");
                  connection.sendUntilBlocked(1_000_000_000);
                  left.countDown();
                });
        ProxyFixture proxy =
            ProxyFixture.builder().idleTimeout(SHORT).start(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.get("a.test", "/").readHead();

      assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
      await().untilAsserted(() -> assertThat(proxy.server().openConnections()).isZero());
    }
  }

  @Test
  void theEndOfAnAnswerThatAnHttp2ClientDoesNotTakeIsDropped() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    int body = 95_000;
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  stopped.await(20, TimeUnit.SECONDS);
                  connection.head("HTTP/1.1 200 OK", "Content-Length: " + body);
                  connection.send(new byte[body]);
                });
        ProxyFixture proxy =
            ProxyFixture.builder()
                .idleTimeout(Duration.ofSeconds(2))
                .start(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.get("/");
      exchange.read(false);
      stopped.countDown();

      assertThatThrownBy(exchange::body).hasMessageContaining("reset");
      // What came is still in the client's hands.
      exchange.read(true);
    }
  }

  @Test
  void aHandshakeThatDoesNotEndIsCut() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.builder().handshakeTimeout(SHORT).start(spec -> {});
        Wire silent = proxy.connectBare();
        Wire slow = proxy.connectBare()) {
      slow.send(new byte[] {22, 3, 1, 2, 0, 1, 0, 1});

      silent.awaitClose();
      slow.awaitClose();
    }
  }

  @Test
  void aPortThatDoesNotAnswerIsGivenUp() throws Exception {
    // TEST-NET-1 (RFC 5737): packets to it are dropped, or refused by a router.
    try (ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", new EndpointSpec("192.0.2.1", 9)));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(503);
    }
  }
}
