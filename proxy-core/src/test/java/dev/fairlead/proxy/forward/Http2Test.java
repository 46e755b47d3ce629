package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** HTTP/2 from clients, HTTP/1.1 to apps. */
class Http2Test {

  @Test
  void theAppSeesAnHttp11Request() throws Exception {
    BlockingQueue<Message> seen = new ArrayBlockingQueue<>(1);
    try (Origin app = recording(seen);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange =
          client.request(
              true,
              ":method",
              "GET",
              ":scheme",
              "https",
              ":authority",
              "a.test",
              ":path",
              "/x?y",
              "cookie",
              "a=1",
              "cookie",
              "b=2",
              "x-forwarded-for",
              "evil");
      assertThat(exchange.body()).isEqualTo("ok");
      Message request = next(seen);

      assertThat(request.start()).isEqualTo("GET /x?y HTTP/1.1");
      String id = request.value("x-request-id");
      assertThat(request.fields())
          .containsExactlyInAnyOrder(
              "cookie: a=1; b=2",
              "Host: a.test",
              "X-Forwarded-For: 127.0.0.1",
              "X-Real-IP: 127.0.0.1",
              "X-Forwarded-Proto: https",
              "X-Forwarded-Host: a.test",
              "X-Forwarded-Port: 443",
              "X-Request-Id: " + id,
              "traceparent: 00-%s-%s-01".formatted(id, id.substring(16)));
    }
  }

  @Test
  void aBodyWithTrailersBecomesAChunkedOneAndBack() throws Exception {
    BlockingQueue<Message> seen = new ArrayBlockingQueue<>(1);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  seen.add(request);
                  connection.send(
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: X-Hop\r\n"
                          + "X-Hop: 1\r\nKeep-Alive: x\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.post("/");
      exchange.send("abc", false).send("defg", false).trailers("x-mine", "1");

      assertThat(exchange.body()).isEqualTo("hello");
      assertThat(Objects.requireNonNull(exchange.trailers()).get("x-sum")).hasToString("7");
      assertThat(exchange.head().names().stream().map(CharSequence::toString))
          .containsExactly(":status", "x-request-id");
      Message request = next(seen);
      assertThat(request.value("transfer-encoding")).isEqualTo("chunked");
      assertThat(request.body()).isEqualTo("abcdefg");
      assertThat(request.trailers()).containsExactly("x-mine: 1");
    }
  }

  @Test
  void aBodyOfKnownLengthKeepsItsLength() throws Exception {
    BlockingQueue<Message> seen = new ArrayBlockingQueue<>(1);
    try (Origin app = recording(seen);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        HttpClient client = ProxyFixture.client(HttpClient.Version.HTTP_2)) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(proxy.https("a.test", "/"))
                  .PUT(HttpRequest.BodyPublishers.ofString("x".repeat(10_000)))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).isEqualTo("ok");
      Message request = next(seen);
      assertThat(request.value("content-length")).isEqualTo("10000");
      assertThat(request.body()).hasSize(10_000);
    }
  }

  @Test
  void informationalHeadsComeFirst() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  connection.head("HTTP/1.1 103 Early Hints", "Link: </a>");
                  Origin.ok(connection, "done");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.get("/");

      assertThat(exchange.body()).isEqualTo("done");
      assertThat(exchange.informational()).hasSize(1);
      assertThat(exchange.informational().getFirst().get("link")).hasToString("</a>");
    }
  }

  @Test
  void headAndNoContentHaveNoBody() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  if (request.method().equals("HEAD")) {
                    connection.head("HTTP/1.1 200 OK", "Content-Length: 1000");
                  } else {
                    connection.head("HTTP/1.1 204 No Content");
                  }
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange head =
          client.request(
              true, ":method", "HEAD", ":scheme", "https", ":authority", "a.test", ":path", "/");

      assertThat(head.body()).isEmpty();
      assertThat(head.head().get("content-length")).hasToString("1000");
      assertThat(client.get("/").status()).isEqualTo(204);
    }
  }

  @Test
  void nothingIsTheBodyOfAnAnswerToHeadAlsoWhenItsHeadIsRefused() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {});
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange head =
          client.request(
              true,
              ":method",
              "HEAD",
              ":scheme",
              "https",
              ":authority",
              "a.test",
              ":path",
              "/" + "x".repeat(9000));

      assertThat(head.status()).isEqualTo(414);
      assertThat(head.body()).isEmpty();
    }
  }

  @Test
  void manyStreamsAreAnsweredSideBySide() throws Exception {
    int count = 100;
    CountDownLatch all = new CountDownLatch(count);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  all.countDown();
                  all.await();
                  Origin.ok(connection, request.target());
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      List<Http2Wire.Exchange> exchanges = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        exchanges.add(client.get("/" + i));
      }

      for (int i = 0; i < count; i++) {
        assertThat(exchanges.get(i).body()).isEqualTo("/" + i);
      }
    }
  }

  @Test
  void aStreamThatIsResetEndsTheAppsWorkAndNoOther() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message request = connection.read();
                  if (request.target().equals("/slow")) {
                    asked.countDown();
                    connection.awaitClose();
                    left.countDown();
                  } else {
                    Origin.ok(connection, "fast");
                  }
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange slow = client.get("/slow");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      slow.reset();

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(client.get("/fast").body()).isEqualTo("fast");
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(2));
    }
  }

  @Test
  void theJdksClientThatCancelsEndsTheAppsWork() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  asked.countDown();
                  connection.awaitClose();
                  left.countDown();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        HttpClient client = ProxyFixture.client(HttpClient.Version.HTTP_2)) {
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(
              HttpRequest.newBuilder(proxy.https("a.test", "/")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      answer.cancel(true);

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anAnswerThatStopsIsReset() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.get("/");

      assertThat(exchange.status()).isEqualTo(200);
      assertThatThrownBy(exchange::body).hasMessageContaining("reset INTERNAL_ERROR");
      assertThat(client.isOpen()).isTrue();
    }
  }

  @Test
  void anEarlyAnswerArrivesWholeAndTheRestOfTheBodyIsDeclined() throws Exception {
    String large = "x".repeat(300_000);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  Origin.ok(connection, large);
                  connection.skip(Long.MAX_VALUE);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.post("/");
      exchange.send("some", false);

      assertThat(exchange.body()).hasSize(large.length());
    }
  }

  @Test
  void requestsThatAreNoneAreRefusedWithoutHarmToOthers() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      List<Http2Wire.Exchange> refused = new ArrayList<>();
      for (String path : List.of("/ HTTP/1.1", "x", "http://a.test/", "/%2f", "/..")) {
        refused.add(
            client.request(
                true, ":method", "GET", ":scheme", "https", ":authority", "a.test", ":path", path));
      }
      refused.add(
          client.request(
              true,
              ":method",
              "GET",
              ":scheme",
              "https",
              ":authority",
              "a.test",
              ":path",
              "/",
              "host",
              "b.test"));
      for (Http2Wire.Exchange exchange : refused) {
        assertThat(exchange.status()).isEqualTo(400);
      }

      assertThat(
              client
                  .request(
                      true,
                      ":method",
                      "GET",
                      ":scheme",
                      "https",
                      ":authority",
                      "b.test",
                      ":path",
                      "/")
                  .status())
          .isEqualTo(421);
      assertThat(client.get("/").body()).isEqualTo("app");
      assertThat(app.requests()).isEqualTo(1);
    }
  }

  @Test
  void aLargeHeadIsReadUpToTheLimitOfEveryProtocol() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      assertThat(withField(client, "x".repeat(30_000)).body()).isEqualTo("app");
      assertThat(withField(client, "x".repeat(40_000)).status()).isEqualTo(431);
    }
  }

  private static Http2Wire.Exchange withField(Http2Wire client, String value) throws Exception {
    return client.request(
        true,
        ":method",
        "GET",
        ":scheme",
        "https",
        ":authority",
        "a.test",
        ":path",
        "/",
        "x-large",
        value);
  }

  @Test
  void aStalledUploadDoesNotStopTheOthersOfItsConnection() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message head = connection.readHead();
                  if (head.target().equals("/stalled")) {
                    goOn.await();
                    return;
                  }
                  connection.readBytes(Integer.parseInt(head.value("content-length")));
                  Origin.ok(connection, "taken");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange stalled = stalledUpload(client);
      String piece = "x".repeat(64 * 1024);
      Http2Wire.Exchange other =
          client.request(
              false,
              ":method",
              "POST",
              ":scheme",
              "https",
              ":authority",
              "a.test",
              ":path",
              "/other",
              "content-length",
              Integer.toString(piece.length()));
      other.send(piece, true);

      assertThat(other.body()).isEqualTo("taken");
      stalled.reset();
      goOn.countDown();
    }
  }

  @Test
  void aConnectionThatIsLostWhileItsUploadIsStalledEndsTheExchange() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  goOn.await();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      try (Http2Wire client = new Http2Wire(proxy, "a.test")) {
        stalledUpload(client);
      }

      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      goOn.countDown();
    }
  }

  /** Sends until neither the app nor the proxy takes any more. */
  private static Http2Wire.Exchange stalledUpload(Http2Wire client) throws Exception {
    Http2Wire.Exchange stalled = client.post("/stalled");
    String piece = "x".repeat(64 * 1024);
    for (int i = 0; i < 500; i++) {
      stalled.send(piece, false);
    }
    AtomicLong before = new AtomicLong();
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> stalled.unsentBytes() == before.getAndSet(stalled.unsentBytes()));
    assertThat(before.get()).isPositive();
    return stalled;
  }

  @Test
  void anUpgradeIsNoPartOfHttp2() throws Exception {
    BlockingQueue<Message> seen = new ArrayBlockingQueue<>(1);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  seen.add(request);
                  connection.head(
                      "HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: x");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Headers head = client.get("/").head();

      assertThat(head.status()).hasToString("502");
      assertThat(next(seen).values("upgrade")).isEmpty();
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
    return Objects.requireNonNull(seen.poll(10, TimeUnit.SECONDS), "no request came to the app");
  }
}
