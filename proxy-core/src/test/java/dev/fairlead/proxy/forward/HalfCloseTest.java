package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of what one side sends is not the end of what the other one has to say. */
class HalfCloseTest {

  private static final int LARGE = 5_000_000;

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1", "HTTP/1.0"})
  void aClientThatHasAskedAndEndsGetsTheWholeAnswer(String version) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  ended.await();
                  Origin.ok(connection, "x".repeat(LARGE));
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("GET / " + version, "Host: a.test");
      client.socket().shutdownOutput();
      // The proxy has seen it by now, or it will while it answers.
      assertThat(client.isSilent(Duration.ofMillis(200))).isTrue();
      ended.countDown();
      Message answer = client.read();

      assertThat(answer.body()).hasSize(LARGE);
      assertThat(answer.value("connection")).isEqualTo("close");
      client.awaitClose();
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().responseBytes()).isEqualTo(LARGE);
      await().untilAsserted(() -> assertThat(proxy.server().openConnections()).isZero());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUploadThatWasSentWholeIsAnswered(boolean chunked) throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) ->
                    Origin.ok(connection, Integer.toString(request.body().length())));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      String body = "x".repeat(LARGE);
      client.send(
          chunked
              ? "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                  + Integer.toHexString(LARGE)
                  + "\r\n"
                  + body
                  + "\r\n0\r\n\r\n"
              : "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + LARGE + "\r\n\r\n" + body);
      client.socket().shutdownOutput();

      assertThat(client.read().body()).isEqualTo(Integer.toString(LARGE));
      client.awaitClose();
    }
  }

  @Test
  void allOfAPipelineIsAnswered() throws Exception {
    try (Origin app =
            Origin.answering((request, connection) -> Origin.ok(connection, request.target()));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.send(
          "GET /1 HTTP/1.1\r\nHost: a.test\r\n\r\n"
              + "POST /2 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc"
              + "GET /unknown HTTP/1.1\r\nHost: unknown.test\r\n\r\n"
              + "GET /3 HTTP/1.1\r\nHost: a.test\r\n\r\n");
      client.socket().shutdownOutput();

      assertThat(client.read().body()).isEqualTo("/1");
      assertThat(client.read().body()).isEqualTo("/2");
      assertThat(client.read().status()).isEqualTo(404);
      assertThat(client.read().body()).isEqualTo("/3");
      client.awaitClose();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100\r\n\r\nhalf",
        "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"
      })
  void halfARequestIsNone(String request) throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  try {
                    connection.read();
                  } catch (EOFException end) {
                    cut.countDown();
                  }
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.send(request);
      client.socket().shutdownOutput();

      assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
      client.awaitClose();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HTTP/1.1\r\nHost: a.te"})
  void whoHasAskedNothingIsAnsweredNothing(String begun) throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {});
        Wire client = proxy.connect()) {
      client.send(begun);
      client.socket().shutdownOutput();

      client.awaitClose();
      await().untilAsserted(() -> assertThat(proxy.server().openConnections()).isZero());
      assertThat(proxy.log()).isEmpty();
    }
  }

  @Test
  void whoEndsBetweenTwoRequestsIsGone() throws Exception {
    try (Origin app = Origin.named("hello");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("hello");
      client.socket().shutdownOutput();

      client.awaitClose();
    }
  }

  /** It has left, and only its silence tells. */
  @Test
  void anAppThatHasNothingToSayToWhoHasEndedIsNotKeptForLong() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send(
                      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
                  connection.awaitClose();
                  left.countDown();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      Wire client = proxy.connect();
      client.get("a.test", "/").readHead();
      client.close();

      assertThat(left.await(15, TimeUnit.SECONDS)).isTrue();
      await().untilAsserted(() -> assertThat(proxy.server().openConnections()).isZero());
    }
  }

  /** There is no half of a TLS connection: the answer to its end is an end. */
  @Test
  void theEndOfTlsIsTheEndOfBothDirections() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  asked.countDown();
                  connection.awaitClose();
                  left.countDown();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connectTls("a.test")) {
      client.get("a.test", "/");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      client.socket().shutdownOutput();

      client.awaitClose();
      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
      await().untilAsserted(() -> assertThat(proxy.server().openConnections()).isZero());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: " + LARGE, "X-Ends: with the connection"})
  void anAppThatEndsAndStaysIsHeardToTheEnd(String field) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.head("HTTP/1.1 200 OK", field);
                  connection.send("x".repeat(LARGE));
                  connection.socket().shutdownOutput();
                  done.await();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().body()).hasSize(LARGE);
      // The one that has ended takes no further request.
      assertThat(client.get("a.test", "/").read().body()).hasSize(LARGE);
      assertThat(app.connections()).isEqualTo(2);
      done.countDown();
    }
  }

  @Test
  void anAppThatEndsInTheMiddleIsSeenAsCut() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                  connection.socket().shutdownOutput();
                  done.await();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.get("a.test", "/");

      assertThatThrownBy(client::read).isInstanceOf(IOException.class);
      done.countDown();
    }
  }
}
