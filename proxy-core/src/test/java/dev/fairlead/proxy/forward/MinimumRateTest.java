package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A client that lets others wait has to move so many bytes in a second, on average over {@code
 * timeouts.idle}; and one that others let wait has not.
 */
class MinimumRateTest {

  private static final Duration SHORT = Duration.ofSeconds(1);

  /** Bytes in a second, as many as can be set. */
  private static final int RATE = 8192;

  private static final Duration MOMENT = Duration.ofMillis(20);

  /** How many moments are many times {@link #SHORT}. */
  private static final int MANY = 150;

  private static final long ENDLESS = 1_000_000_000;

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private static ProxyFixture wanting(int rate, Origin app) {
    return ProxyFixture.builder()
        .idleTimeout(SHORT)
        .limits(limits -> limits.minRate(rate))
        .start(spec -> spec.route("a.test", app));
  }

  /** Reads a body to its end, and answers with how long it was. */
  private static Origin counter() {
    return Origin.answering(
        (request, connection) -> Origin.ok(connection, "" + request.body().length()));
  }

  private static void pause() throws InterruptedException {
    NEVER.await(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Test
  void anUploadThatTricklesIsARequestTimeout() throws Exception {
    try (Origin app = counter();
        ProxyFixture proxy = wanting(RATE, app);
        Wire other = proxy.connect();
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 100000");
      while (client.isSilent(MOMENT)) {
        client.send("x");
        assertThat(other.get("a.test", "/").read().body()).isEqualTo("0");
      }
      Message answer = client.read();

      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.value("connection")).isEqualTo("close");
      client.awaitClose();
      await().until(() -> proxy.log().stream().anyMatch(entry -> entry.status() == 408));
      assertThat(proxy.log())
          .filteredOn(entry -> entry.status() == 408)
          .singleElement()
          .satisfies(entry -> assertThat(entry.detail()).contains("limits.min-rate"));
      // The app has seen no whole body.
      await().until(() -> app.openConnections() == 1);
    }
  }

  @Test
  void anUploadThatMovesEnoughArrives() throws Exception {
    int piece = 1000;
    try (Origin app = counter();
        ProxyFixture proxy = wanting(RATE, app);
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: " + MANY * piece);
      for (int i = 0; i < MANY; i++) {
        client.send(new byte[piece]);
        pause();
      }

      assertThat(client.read().body()).isEqualTo("" + MANY * piece);
    }
  }

  @Test
  void anUploadMayTrickleWhereNoMinimumIsSet() throws Exception {
    try (Origin app = counter();
        ProxyFixture proxy = wanting(0, app);
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: " + MANY);
      for (int i = 0; i < MANY; i++) {
        client.send("x");
        pause();
      }

      assertThat(client.read().body()).isEqualTo("" + MANY);
    }
  }

  @Test
  void overHttp2OnlyTheRequestThatTricklesEnds() throws Exception {
    try (Origin app = counter();
        ProxyFixture proxy = wanting(RATE, app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange slow = client.post("/");
      for (int i = 0; i < MANY && !slow.isAnswered(); i++) {
        slow.send("x", false);
        assertThat(client.get("/").body()).isEqualTo("0");
        pause();
      }

      assertThat(slow.status()).isEqualTo(408);
      assertThat(client.get("/").body()).isEqualTo("0");
      assertThat(client.isOpen()).isTrue();
    }
  }

  @Test
  void whoHasAnAnswerMayGoOnAsSlowlyAsItLikes() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  connection.head("HTTP/1.1 200 OK", "Content-Length: " + MANY);
                  for (int i = 0; i < MANY; i++) {
                    connection.send(connection.readBytes(1));
                  }
                });
        ProxyFixture proxy = wanting(RATE, app);
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: " + MANY);
      client.send("0");
      assertThat(client.readHead().status()).isEqualTo(200);
      for (int i = 1; i < MANY; i++) {
        client.send("0");
        pause();
      }

      assertThat(client.readBytes(MANY)).hasSize(MANY);
    }
  }

  @Test
  void aTunnelMayTrickle() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  connection.head(
                      "HTTP/1.1 101 Switching Protocols", "Upgrade: x", "Connection: Upgrade");
                  while (true) {
                    connection.send(connection.readBytes(1));
                  }
                });
        ProxyFixture proxy = wanting(RATE, app);
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.1", "Host: a.test", "Upgrade: x", "Connection: Upgrade");
      assertThat(client.readHead().status()).isEqualTo(101);
      for (int i = 0; i < MANY; i++) {
        client.send("x").readBytes(1);
        pause();
      }
    }
  }

  /** As slowhttptest's slow read: a small window, and a few bytes now and then. */
  @Test
  void aClientThatTakesTooLittleIsCut() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  String target = connection.readHead().target();
                  if (target.equals("/other")) {
                    Origin.ok(connection, "other");
                    return;
                  }
                  connection.head("HTTP/1.1 200 OK", "Content-Length: " + ENDLESS);
                  connection.sendUntilBlocked(ENDLESS);
                  connection.awaitClose();
                });
        ProxyFixture proxy = wanting(RATE, app);
        Wire other = proxy.connect();
        Wire client = new Wire(smallSocket(proxy.httpPort()))) {
      client.get("a.test", "/");
      InputStream in = client.socket().getInputStream();
      await()
          .pollInterval(MOMENT)
          .until(
              () -> {
                in.readNBytes(10);
                assertThat(other.get("a.test", "/other").read().body()).isEqualTo("other");
                return proxy.log().stream().anyMatch(entry -> "/".equals(entry.path()));
              });
      assertThat(proxy.log())
          .filteredOn(entry -> "/".equals(entry.path()))
          .singleElement()
          .satisfies(entry -> assertThat(entry.detail()).contains("limits.min-rate"));
      await().until(() -> app.openConnections() == 0);
    }
  }

  @Test
  void overHttp2OnlyTheAnswerThatIsNotTakenEnds() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  String target = connection.readHead().target();
                  if (target.equals("/other")) {
                    Origin.ok(connection, "other");
                    return;
                  }
                  connection.head("HTTP/1.1 200 OK", "Content-Length: " + ENDLESS);
                  connection.sendUntilBlocked(ENDLESS);
                  connection.awaitClose();
                });
        ProxyFixture proxy = wanting(RATE, app);
        Http2Wire client = new Http2Wire(proxy, "a.test", 16 * 1024)) {
      Http2Wire.Exchange stopped = client.get("/").forget();
      stopped.head();
      stopped.read(false);
      await()
          .pollInterval(MOMENT)
          .until(
              () -> {
                assertThat(client.get("/other").body()).isEqualTo("other");
                return proxy.log().stream().anyMatch(entry -> "/".equals(entry.path()));
              });
      stopped.read(true);
      assertThatThrownBy(stopped::body).hasMessageContaining("reset");
      assertThat(client.get("/other").body()).isEqualTo("other");
      assertThat(client.isOpen()).isTrue();
    }
  }

  private static Socket smallSocket(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    return socket;
  }
}
