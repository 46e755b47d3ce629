package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of message that HTTP/1.1 has arrives as what it was. */
class Http1MessagesTest {

  @Test
  void theAppSeesTheRequestWithTheProxysFields() throws Exception {
    BlockingQueue<Message> seen = new ArrayBlockingQueue<>(1);
    try (Origin app = recording(seen);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client
          .head(
              "GET /a/%7Eb/../c?q=%20 HTTP/1.1",
              "Host: A.TEST:8080",
              "X-Forwarded-For: 1.2.3.4",
              "X_Forwarded_Proto: https",
              "Connection: keep-alive, X-Hop",
              "X-Hop: 1",
              "X-Own: yes")
          .read();
      Message request = next(seen);

      assertThat(request.start()).isEqualTo("GET /a/c?q=%20 HTTP/1.1");
      String id = request.value("x-request-id");
      assertThat(request.fields())
          .containsExactlyInAnyOrder(
              "X-Own: yes",
              "Host: a.test:8080",
              "X-Forwarded-For: 127.0.0.1",
              "X-Real-IP: 127.0.0.1",
              "X-Forwarded-Proto: http",
              "X-Forwarded-Host: a.test:8080",
              "X-Forwarded-Port: 8080",
              "X-Request-Id: " + id,
              "traceparent: 00-%s-%s-01".formatted(id, id.substring(16)));
    }
  }

  @Test
  void aPrefixIsRemovedWhenTheRouteSaysSo() throws Exception {
    BlockingQueue<Message> seen = new ArrayBlockingQueue<>(1);
    try (Origin app = recording(seen);
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", "/api", true, app.endpoint()));
        Wire client = proxy.connect()) {
      client.get("a.test", "/api/v1?x=/api").read();
      assertThat(next(seen).target()).isEqualTo("/v1?x=/api");

      client.get("a.test", "/api").read();
      assertThat(next(seen).target()).isEqualTo("/");

      assertThat(client.get("a.test", "/apis").read().status()).isEqualTo(404);
    }
  }

  @Test
  void aResponseToHeadHasTheLengthAndNoBody() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) ->
                    connection.head("HTTP/1.1 200 OK", "Content-Length: 12345"));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        Message answer = client.head("HEAD / HTTP/1.1", "Host: a.test").readWithoutBody();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.value("content-length")).isEqualTo("12345");
        assertThat(answer.values("transfer-encoding")).isEmpty();
      }
    }
  }

  @Test
  void anAnswerOfTheProxyToHeadHasNoBodyEither() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {});
        Wire client = proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        Message answer = client.head("HEAD / HTTP/1.1", "Host: a.test").readWithoutBody();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.value("content-length")).isNotEqualTo("0");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void aStatusThatHasNoBodyEndsWithItsHead(String status) throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> connection.head("HTTP/1.1 " + status, "ETag: \"x\""));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        Message answer = client.get("a.test", "/").read();
        assertThat(answer.start()).isEqualTo("HTTP/1.1 " + status);
        assertThat(answer.value("etag")).isEqualTo("\"x\"");
        assertThat(answer.values("transfer-encoding")).isEmpty();
      }
      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void chunkedBodiesAndTrailersGoBothWays() throws Exception {
    BlockingQueue<Message> seen = new ArrayBlockingQueue<>(1);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  seen.add(request);
                  connection.send(
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                          + "5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message answer =
          client
              .send(
                  "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n"
                      + "TE: trailers\r\n\r\n"
                      + "3;ext=1\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Mine: 1\r\nX-Real-Ip: x\r\n\r\n")
              .read();
      Message request = next(seen);

      assertThat(request.body()).isEqualTo("abcdefg");
      assertThat(request.value("transfer-encoding")).isEqualTo("chunked");
      assertThat(request.values("content-length")).isEmpty();
      assertThat(request.value("te")).isEqualTo("trailers");
      assertThat(request.trailers()).containsExactly("X-Mine: 1");
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.trailers()).containsExactly("X-Sum: 7");
    }
  }

  @Test
  void aBodyThatEndsWithTheConnectionBecomesAChunkedOne() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        Message answer = client.get("a.test", "/").read();
        assertThat(answer.body()).isEqualTo("until the end");
        assertThat(answer.value("transfer-encoding")).isEqualTo("chunked");
      }
    }
  }

  @Test
  void aClientThatExpects100WaitsForTheAppsWord() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message head = connection.readHead();
                  goOn.await();
                  connection.head("HTTP/1.1 100 Continue");
                  byte[] body =
                      connection.readBytes(Integer.parseInt(head.value("content-length")));
                  Origin.ok(connection, head.value("expect") + body.length);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: 4", "Expect: 100-continue");
      assertThat(client.isSilent(Duration.ofMillis(200))).isTrue();
      goOn.countDown();

      assertThat(client.read().status()).isEqualTo(100);
      assertThat(client.send("body").read().body()).isEqualTo("100-continue4");
    }
  }

  @Test
  void anAppThatRefusesBeforeTheBodyIsHeard() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  connection.head("HTTP/1.1 417 No", "Content-Length: 0");
                  connection.awaitClose();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message answer =
          client
              .head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: 4", "Expect: 100-continue")
              .read();

      assertThat(answer.status()).isEqualTo(417);
      client.awaitClose();
    }
  }

  @Test
  void anEarlyAnswerReachesAClientThatIsStillSending() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  Origin.ok(connection, "too large");
                  connection.skip(Long.MAX_VALUE);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 100000000");
      client.send("some of it");

      assertThat(client.read().body()).isEqualTo("too large");
      client.send("more of it");
      client.awaitClose();
    }
  }

  @Test
  void informationalHeadsComeBeforeTheAnswer() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  connection.head("HTTP/1.1 103 Early Hints", "Link: </style.css>");
                  connection.head("HTTP/1.1 102 Processing");
                  Origin.ok(connection, "done");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.get("a.test", "/");

      assertThat(client.read().value("link")).isEqualTo("</style.css>");
      assertThat(client.read().status()).isEqualTo(102);
      assertThat(client.read().body()).isEqualTo("done");
    }
  }

  @Test
  void anHttp10ClientIsToldNothingInformational() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  connection.head("HTTP/1.1 103 Early Hints", "Link: </style.css>");
                  Origin.ok(connection, "done");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.head("GET / HTTP/1.0", "Host: a.test").read().body()).isEqualTo("done");
    }
  }

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
  void anAppThatInformsWithoutEndIsStopped() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100));
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.get("a.test", "/");
      int informational = 0;
      Message answer = client.readHead();
      while (answer.status() == 103) {
        informational++;
        answer = client.readHead();
      }
      assertThat(answer.status()).isEqualTo(502);
      assertThat(informational).isEqualTo(16);
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

  private static Origin recording(BlockingQueue<Message> seen) {
    return Origin.answering(
        (request, connection) -> {
          seen.add(request);
          Origin.ok(connection, "ok");
        });
  }

  private static Message next(BlockingQueue<Message> seen) throws InterruptedException {
    Message message = seen.poll(10, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no request came to the app");
    }
    return message;
  }
}
