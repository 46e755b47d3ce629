package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Requests;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only {@code 101} makes a tunnel of a connection (RFC 9110 §7.8). */
class UpgradesTest {

  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

  private static Wire upgrade(Wire client) throws IOException {
    return client.head(
        "GET /chat HTTP/1.1", "Host: a.test", "Connection: Upgrade", "Upgrade: websocket");
  }

  @Test
  void whatAClientSendsBeforeTheSwitchReachesNoApp() throws Exception {
    CompletableFuture<Boolean> silent = new CompletableFuture<>();
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  silent.complete(connection.isSilent(Duration.ofMillis(300)));
                  connection.send(SWITCHING);
                  connection.awaitClose();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      upgrade(client).send("frames before their time");

      assertThat(silent.get(10, TimeUnit.SECONDS)).isTrue();
      client.awaitEnd();
      await().untilAsserted(() -> assertThat(app.openConnections()).isZero());
    }
  }

  @Test
  void whatFollowsAnAnswerThatIsNo101IsHttp() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) ->
                    connection.send(
                        "HTTP/1.1 200 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Content-Length: 4\r\n\r\npage"));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message answer = upgrade(client).read();

      assertThat(answer.body()).isEqualTo("page");
      assertThat(answer.values("upgrade")).isEmpty();
      assertThat(answer.values("connection")).isEmpty();
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("page");
      assertThat(client.send("\u0081\u0005hello\r\n\r\n").read().status()).isEqualTo(400);
      client.awaitClose();
      assertThat(app.requests()).isEqualTo(2);
    }
  }

  @Test
  void headsBeforeTheSwitchAreNoSwitch() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + SWITCHING);
                  connection.send(connection.readLine());
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(upgrade(client).read().status()).isEqualTo(103);
      assertThat(client.read().status()).isEqualTo(101);
      client.send("echo\n");
      assertThat(client.readBytes(4)).asString().isEqualTo("echo");
    }
  }

  /** What the client did not ask for could be HTTP again, which would pass no rule. */
  @ParameterizedTest
  @ValueSource(strings = {"h2c", "websocket2", "websocket, h2c", ""})
  void anAppSwitchesToNothingElse(String protocol) throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send(SWITCHING.replace("websocket", protocol));
                  connection.awaitClose();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(upgrade(client).read().status()).isEqualTo(502);
      assertThat(client.get("unknown.test", "/").read().status()).isEqualTo(404);
      await().untilAsserted(() -> assertThat(app.openConnections()).isZero());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upgrade: h2c", "Upgrade: websocket, x", "Upgrade: HTTP/2.0"})
  void whatIsNoSingleOtherProtocolIsNotAskedFor(String field) throws Exception {
    Requests seen = new Requests();
    try (Origin app = seen.origin();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.1", "Host: a.test", "Connection: Upgrade", field);

      assertThat(client.read().status()).isEqualTo(200);
      assertThat(seen.next().values("upgrade")).isEmpty();
    }
  }

  @Test
  void aRequestWithABodyAsksForNoSwitch() throws Exception {
    Requests seen = new Requests();
    try (Origin app = seen.origin();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + "Content-Length: 4\r\n\r\nbody");

      assertThat(client.read().status()).isEqualTo(200);
      Message request = seen.next();
      assertThat(request.body()).isEqualTo("body");
      assertThat(request.values("upgrade")).isEmpty();
    }
  }
}
