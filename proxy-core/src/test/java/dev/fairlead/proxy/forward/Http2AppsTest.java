package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.Scheme;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.proxy.testing.Http2Origin;
import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Apps that speak HTTP/2 without TLS. */
class Http2AppsTest {

  static final UpstreamSpec H2C = new UpstreamSpec(Scheme.H2C, Optional.empty(), false);

  @Test
  void aRequestOfHttp1IsSaidInHttp2AndItsAnswerInHttp1() throws Exception {
    CompletableFuture<Http2Headers> asked = new CompletableFuture<>();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  asked.complete(stream.head());
                  stream.head(200, false, "x-from", "app", "content-length", "5");
                  stream.data(stream.body(), true);
                });
        ProxyFixture proxy = routing(app);
        Wire client = proxy.connect()) {
      Message answer =
          client
              .send(
                  "POST /a/./b?c=d HTTP/1.1\r\nHost: A.test\r\nConnection: x-mine\r\nX-Mine: 1\r\n"
                      + "X-Kept: Yes\r\nTE: trailers\r\nUpgrade: websocket\r\n"
                      + "Content-Length: 5\r\n\r\nhello")
              .read();

      assertThat(answer.start()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(answer.value("x-from")).isEqualTo("app");
      assertThat(answer.value("content-length")).isEqualTo("5");
      assertThat(answer.body()).isEqualTo("hello");
      Http2Headers head = asked.get(10, TimeUnit.SECONDS);
      assertThat(head.method()).hasToString("POST");
      assertThat(head.scheme()).hasToString("http");
      assertThat(head.authority()).hasToString("a.test");
      assertThat(head.path()).hasToString("/a/b?c=d");
      assertThat(head.get("x-kept")).hasToString("Yes");
      assertThat(head.get("content-length")).hasToString("5");
      assertThat(head.get("x-forwarded-for")).hasToString("127.0.0.1");
      for (String left : List.of("host", "connection", "upgrade", "x-mine", "transfer-encoding")) {
        assertThat(head.contains(left)).as(left).isFalse();
      }
    }
  }

  @Test
  void chunksAndTrailersGoBothWays() throws Exception {
    CompletableFuture<Http2Headers> trailers = new CompletableFuture<>();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  trailers.complete(stream.trailers());
                  stream.head(200, false).data("got " + stream.body(), false);
                  stream.trailers("x-sum", "42");
                });
        ProxyFixture proxy = routing(app);
        Wire client = proxy.connect()) {
      Message answer =
          client
              .send(
                  "PUT / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                      + "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Check: ok\r\n\r\n")
              .read();

      assertThat(answer.body()).isEqualTo("got abcde");
      assertThat(answer.trailers()).containsExactly("x-sum: 42");
      assertThat(trailers.get(10, TimeUnit.SECONDS).get("x-check")).hasToString("ok");
    }
  }

  @Test
  void anAnswerThatIsNothingButTrailersStaysOneFrame() throws Exception {
    try (Http2Origin app =
            Http2Origin.plain(stream -> stream.head(200, true, "grpc-status", "12"));
        ProxyFixture proxy = routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange call = client.post("/x.Y/z").send("m", false);

      // Else a client of gRPC takes the status for a field of an answer that is yet to come.
      assertThat(call.head().get("grpc-status")).hasToString("12");
      assertThat(call.body()).isEmpty();
      assertThat(call.trailers()).isNull();
    }
  }

  @Test
  void bothSidesTalkAtTheSameTime() throws Exception {
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  stream.head(200, false);
                  for (int i = 1; i <= 3; i++) {
                    int bytes = i;
                    await().until(() -> stream.receivedBytes() == bytes);
                    stream.data("!", false);
                  }
                  stream.trailers("grpc-status", "0");
                });
        ProxyFixture proxy = routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange call = client.post("/chat");
      for (int i = 1; i <= 3; i++) {
        call.send("?", false);
        int bytes = i;
        await().until(() -> call.received() == bytes);
      }

      assertThat(call.body()).isEqualTo("!!!");
      assertThat(String.valueOf(call.trailers())).contains("grpc-status: 0");
    }
  }

  @Test
  void manyRequestsShareOneConnection() throws Exception {
    CountDownLatch all = new CountDownLatch(50);
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  all.countDown();
                  all.await();
                  stream.answer(stream.field(":path"));
                });
        ProxyFixture proxy = routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      List<Http2Wire.Exchange> calls = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        calls.add(client.get("/" + i));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(calls.get(i).body()).isEqualTo("/" + i);
      }

      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void moreThanTheAppTakesGetAnotherConnection() throws Exception {
    CountDownLatch all = new CountDownLatch(5);
    try (Http2Origin app =
            Http2Origin.plain(
                Http2Settings.defaultSettings().maxConcurrentStreams(2),
                stream -> {
                  if (stream.field(":path").equals("/wait")) {
                    all.countDown();
                    all.await();
                  }
                  stream.answer("done");
                });
        ProxyFixture proxy = routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      // The app's SETTINGS have come by the time its first answer has.
      assertThat(client.get("/").body()).isEqualTo("done");
      List<Http2Wire.Exchange> calls = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        calls.add(client.get("/wait"));
      }
      for (Http2Wire.Exchange call : calls) {
        assertThat(call.body()).isEqualTo("done");
      }

      assertThat(app.connections()).isEqualTo(3);
    }
  }

  @Test
  void informationalAnswersHeadAndEmptyOnesAreSaidInBothVersions() throws Exception {
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  switch (stream.field(":path")) {
                    case "/hints" -> stream.head(103, false, "link", "</a.css>").answer("hinted");
                    case "/head" -> stream.head(200, true, "content-length", "1000");
                    default -> stream.head(304, true, "content-length", "7");
                  }
                });
        ProxyFixture proxy = routing(app);
        Wire client = proxy.connect();
        Http2Wire client2 = new Http2Wire(proxy, "a.test")) {
      assertThat(client.get("a.test", "/hints").readHead().status()).isEqualTo(103);
      assertThat(client.read().body()).isEqualTo("hinted");
      assertThat(
              client
                  .head("HEAD /head HTTP/1.1", "Host: a.test")
                  .readWithoutBody()
                  .value("content-length"))
          .isEqualTo("1000");
      assertThat(client.get("a.test", "/same").read().status()).isEqualTo(304);
      Http2Wire.Exchange hinted = client2.get("/hints");
      assertThat(hinted.body()).isEqualTo("hinted");
      assertThat(hinted.informational()).hasSize(1);
    }
  }

  @Test
  void anAppThatSpeaksAnotherProtocolIsABadGateway() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readLine();
                  connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                });
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", H2C, app.endpoint()));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(502);
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().detail()).contains("HTTP/2");
    }
  }

  @Test
  void anUpgradeIsAskedOfNoAppThatHasNone() throws Exception {
    try (Http2Origin app = Http2Origin.plain(stream -> stream.answer("a page"));
        ProxyFixture proxy = routing(app);
        Wire client = proxy.connect()) {
      Message answer =
          client
              .head(
                  "GET / HTTP/1.1",
                  "Host: a.test",
                  "Connection: Upgrade",
                  "Upgrade: websocket",
                  "Sec-WebSocket-Key: x",
                  "Sec-WebSocket-Version: 13")
              .read();

      assertThat(answer.body()).isEqualTo("a page");
    }
  }

  @Test
  void aResetOfTheClientReachesTheApp() throws Exception {
    CompletableFuture<Long> code = new CompletableFuture<>();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  stream.head(200, false).data("a part", false);
                  code.complete(stream.awaitReset());
                });
        ProxyFixture proxy = routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange call = client.get("/");
      assertThat(call.status()).isEqualTo(200);
      call.reset();

      assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL.code());
      assertThat(app.openConnections()).isEqualTo(1);
    }
  }

  @Test
  void aResetOfTheAppReachesTheClientWithItsMeaning() throws Exception {
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  if (stream.field(":path").equals("/early")) {
                    stream.reset(Http2Error.INTERNAL_ERROR);
                  } else {
                    stream.head(200, false).data("a part", false);
                    await().until(() -> stream.receivedBytes() == 2);
                    stream.reset(
                        stream.field(":path").equals("/calm")
                            ? Http2Error.ENHANCE_YOUR_CALM
                            : Http2Error.PROTOCOL_ERROR);
                  }
                });
        ProxyFixture proxy = routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      assertThat(client.get("/early").status()).isEqualTo(502);
      Http2Wire.Exchange calm = client.post("/calm");
      assertThat(calm.status()).isEqualTo(200);
      calm.send("go", false);
      assertThatThrownBy(calm::body).hasMessageContaining("ENHANCE_YOUR_CALM");
      Http2Wire.Exchange other = client.post("/other");
      assertThat(other.status()).isEqualTo(200);
      other.send("go", false);
      assertThatThrownBy(other::body).hasMessageContaining("INTERNAL_ERROR");
    }
  }

  static ProxyFixture routing(Http2Origin app) {
    return ProxyFixture.routing(spec -> spec.route("a.test", H2C, app.endpoint()));
  }
}
