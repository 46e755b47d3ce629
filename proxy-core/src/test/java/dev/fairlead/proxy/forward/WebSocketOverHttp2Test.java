package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.WebSockets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** WebSockets of clients that speak HTTP/2 (RFC 8441), of apps that speak HTTP/1.1. */
class WebSocketOverHttp2Test {

  @Test
  void bytesGoBothWaysAfterTheAppHasAgreed() throws Exception {
    CompletableFuture<Message> asked = new CompletableFuture<>();
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message request = connection.read();
                  asked.complete(request);
                  WebSockets.agree(connection, request, "Sec-WebSocket-Protocol: chat");
                  while (true) {
                    connection.send("echo " + connection.readLine() + "\n");
                  }
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange socket = connect(client, "/chat?room=1");

      assertThat(socket.status()).isEqualTo(200);
      assertThat(socket.head().get("sec-websocket-protocol")).hasToString("chat");
      assertThat(socket.head().contains("sec-websocket-accept")).isFalse();
      assertThat(socket.head().contains("upgrade")).isFalse();
      Message request = asked.get(10, TimeUnit.SECONDS);
      assertThat(request.start()).isEqualTo("GET /chat?room=1 HTTP/1.1");
      assertThat(request.value("connection")).isEqualTo("Upgrade");
      assertThat(request.value("upgrade")).isEqualTo("websocket");
      assertThat(request.value("sec-websocket-version")).isEqualTo("13");
      assertThat(request.value("host")).isEqualTo("a.test");
      assertThat(request.value("content-length")).isEmpty();
      assertThat(request.value("transfer-encoding")).isEmpty();
      for (int i = 1; i <= 10; i++) {
        socket.send("%03d\n".formatted(i), false);
        int expected = i * "echo 000\n".length();
        await().until(() -> socket.received() == expected);
      }
      // Beside it the connection carries others.
      Http2Wire.Exchange second = connect(client, "/chat").send("200\n", false);
      await().until(() -> second.received() == "echo 200\n".length());
    }
  }

  @Test
  void whatTheClientSendsBeforeTheAppAgreedIsKept() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message request = connection.read();
                  goOn.await();
                  WebSockets.agree(connection, request);
                  connection.send("got " + connection.readLine() + "\n");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange socket = connect(client, "/").send("early\n", false);
      goOn.countDown();

      assertThat(socket.body()).isEqualTo("got early\n");
    }
  }

  @Test
  void theEndOfTheClientsSideReachesTheAppWhichMayGoOn() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  WebSockets.agree(connection, connection.read());
                  connection.awaitEnd();
                  connection.send("last words");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange socket = connect(client, "/").send("bye", true);

      assertThat(socket.body()).isEqualTo("last words");
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().requestBytes()).isEqualTo(3);
      assertThat(proxy.log().getFirst().detail()).isNull();
    }
  }

  @Test
  void aResetOfTheClientEndsTheAppsConnection() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  WebSockets.agree(connection, connection.read());
                  connection.awaitEnd();
                  left.countDown();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange socket = connect(client, "/");
      assertThat(socket.status()).isEqualTo(200);
      socket.reset();

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anAppThatGivesNoProofOrAnswersOtherwiseHasNotAgreed() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  switch (request.target()) {
                    case "/wrong" ->
                        connection.head(
                            "HTTP/1.1 101 Switching Protocols",
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Accept: x");
                    case "/ok" -> Origin.ok(connection, "a page");
                    default ->
                        connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
                  }
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      assertThat(connect(client, "/wrong").status()).isEqualTo(502);
      assertThat(connect(client, "/ok").status()).isEqualTo(502);
      Http2Wire.Exchange refused = connect(client, "/");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).isEqualTo("no");
    }
  }

  @Test
  void otherProtocolsAndBodiesAreRefused() throws Exception {
    try (Origin app = Origin.named("a");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      assertThat(WebSockets.connect(client, "a.test", "/", "connect-udp").status()).isEqualTo(501);
      assertThat(
              client
                  .request(
                      false,
                      ":method",
                      "CONNECT",
                      ":protocol",
                      "websocket",
                      ":scheme",
                      "https",
                      ":authority",
                      "a.test",
                      ":path",
                      "/",
                      "content-length",
                      "5")
                  .status())
          .isEqualTo(400);
      assertThatThrownBy(
              () ->
                  client
                      .request(
                          true,
                          ":method",
                          "GET",
                          ":protocol",
                          "websocket",
                          ":scheme",
                          "https",
                          ":authority",
                          "a.test",
                          ":path",
                          "/")
                      .status())
          .hasMessageContaining("PROTOCOL_ERROR");
      assertThat(app.requests()).isZero();
    }
  }

  @Test
  void manyBytesGoThroughAtTheClientsPace() throws Exception {
    int size = 20_000_000;
    try (Origin app =
            Origin.scripted(
                connection -> {
                  WebSockets.agree(connection, connection.read());
                  byte[] piece = new byte[50_000];
                  for (int sent = 0; sent < size; sent += piece.length) {
                    connection.send(piece);
                  }
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange socket = connect(client, "/").forget();

      await().until(() -> socket.received() == size);
      socket.body();
    }
  }

  private static Http2Wire.Exchange connect(Http2Wire client, String path) throws Exception {
    return WebSockets.connect(client, "a.test", path, "websocket");
  }
}
