package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that become something else after {@code 101 Switching Protocols}. */
class WebSocketTest {

  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: x\r\n\r\n";

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bytesGoBothWaysAfterTheSwitch(boolean tls) throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message request = connection.read();
                  // What the app says at once must not be lost, nor wait for more.
                  connection.send(SWITCHING + "hello " + request.value("upgrade") + "\n");
                  echoLines(connection);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = connect(proxy, tls)) {
      Message switched = upgrade(client).read();

      assertThat(switched.status()).isEqualTo(101);
      assertThat(switched.value("upgrade")).isEqualTo("websocket");
      assertThat(switched.value("connection")).isEqualTo("Upgrade");
      assertThat(switched.value("sec-websocket-accept")).isEqualTo("x");
      assertThat(client.readLine()).isEqualTo("hello websocket");
      for (int i = 0; i < 100; i++) {
        assertThat(client.send("line " + i + "\n").readLine()).isEqualTo("echo line " + i);
      }
    }
  }

  @Test
  void manyBytesGoThroughATunnelWhole() throws Exception {
    long size = 20_000_000;
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send(SWITCHING);
                  byte[] piece = new byte[50_000];
                  for (long sent = 0; sent < size; sent += piece.length) {
                    connection.send(piece);
                  }
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connectTls("a.test")) {
      upgrade(client).read();

      assertThat(client.skip(Long.MAX_VALUE)).isEqualTo(size);
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().status()).isEqualTo(101);
      assertThat(proxy.log().getFirst().responseBytes()).isEqualTo(size);
    }
  }

  @Test
  void anAppThatDoesNotSwitchAnswersAndTheConnectionGoesOn() throws Exception {
    try (Origin app = Origin.named("no");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(upgrade(client).read().body()).isEqualTo("no");
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("no");
      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void bytesBeforeTheSwitchWasAgreedOnEndTheConnection() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  goOn.await();
                  connection.send(SWITCHING);
                  connection.awaitClose();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      upgrade(client).get("a.test", "/smuggled");
      assertThat(client.isSilent(Duration.ofMillis(100))).isTrue();
      goOn.countDown();

      client.skip(Long.MAX_VALUE);
      await().untilAsserted(() -> assertThat(app.openConnections()).isZero());
    }
  }

  @Test
  void theEndOfOneSideIsTheEndOfTheOther() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send(SWITCHING);
                  if (connection.readLine().equals("leave")) {
                    connection.send("bye");
                    return;
                  }
                  connection.awaitClose();
                  left.countDown();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      try (Wire client = proxy.connect()) {
        upgrade(client).read();
        client.send("leave\n");
        assertThat(client.readBytes(3)).isEqualTo("bye".getBytes(StandardCharsets.US_ASCII));
        client.awaitClose();
      }
      try (Wire client = proxy.connect()) {
        upgrade(client).read();
        client.send("stay\n");
      }

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
      await().untilAsserted(() -> assertThat(proxy.server().openConnections()).isZero());
    }
  }

  @Test
  void silenceOfBothSidesEndsATunnel() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send(SWITCHING);
                  connection.awaitClose();
                });
        ProxyFixture proxy =
            ProxyFixture.builder()
                .idleTimeout(Duration.ofMillis(300))
                .start(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      upgrade(client).read();

      client.awaitClose();
      await().untilAsserted(() -> assertThat(app.openConnections()).isZero());
    }
  }

  @Test
  void whoeverDoesNotReadStopsTheOtherSide() throws Exception {
    long limit = 200_000_000;
    CountDownLatch done = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send(SWITCHING);
                  done.await();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      upgrade(client).read();

      assertThat(client.sendUntilBlocked(limit)).isLessThan(limit);
      done.countDown();
    }
  }

  private static Wire upgrade(Wire client) throws IOException {
    return client.head(
        "GET /chat HTTP/1.1",
        "Host: a.test",
        "Connection: keep-alive, Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Key: x",
        "Sec-WebSocket-Version: 13");
  }

  private static Wire connect(ProxyFixture proxy, boolean tls) throws IOException {
    return tls ? proxy.connectTls("a.test") : proxy.connect();
  }

  private static void echoLines(Wire connection) throws IOException {
    while (true) {
      connection.send("echo " + connection.readLine() + "\n");
    }
  }
}
