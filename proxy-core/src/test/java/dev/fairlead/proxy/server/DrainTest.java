package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.Admission;
import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.SpecBuilder;
import dev.fairlead.proxy.testing.Wire;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The end of a proxy: what is under way ends well, and who comes meanwhile is served. Long, as each
 * thing that can be under way is a few lines on the same set-up.
 */
class DrainTest {

  /** Half of it is long enough for whoever comes. */
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final Duration SHORT = Duration.ofSeconds(2);

  private static final Duration MOMENT = Duration.ofMillis(200);

  private static ProxyFixture proxy(Duration drain, Consumer<SpecBuilder> routes) {
    return ProxyFixture.builder().drainTimeout(drain).start(routes);
  }

  private static Wire connect(ProxyFixture proxy, boolean tls) throws Exception {
    return tls ? proxy.connectTls("a.test") : proxy.connect();
  }

  // ---- while there is time for those who come

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoWasIdleIsServedOnceMoreAndToldToClose(boolean tls) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = proxy(LONG, spec -> spec.route("a.test", app));
        Wire fresh = connect(proxy, tls);
        Wire idle = connect(proxy, tls)) {
      idle.get("a.test", "/").read();
      try (Draining _ = new Draining(proxy)) {
        assertThat(idle.isSilent(MOMENT)).isTrue();
        for (Wire client : new Wire[] {idle, fresh}) {
          Message answer = client.get("a.test", "/").read();
          assertThat(answer.body()).isEqualTo("app");
          assertThat(answer.value("connection")).isEqualTo("close");
          client.awaitClose();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoConnectsIsServedAndToldToClose(boolean tls) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = proxy(LONG, spec -> spec.route("a.test", app));
        Draining _ = new Draining(proxy);
        Wire client = connect(proxy, tls)) {
      Message answer = client.get("a.test", "/").read();
      assertThat(answer.body()).isEqualTo("app");
      assertThat(answer.value("connection")).isEqualTo("close");
      client.awaitClose();
    }
  }

  @Test
  void whoConnectsByHttp2IsServedAndToldToGo() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = proxy(LONG, spec -> spec.route("a.test", app));
        Draining _ = new Draining(proxy);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      assertThat(client.get("/").body()).isEqualTo("app");
      assertThat(client.goAway().get(10, TimeUnit.SECONDS)).isEqualTo(Integer.MAX_VALUE);
      await().until(() -> !client.isOpen());
    }
  }

  @Test
  void aHandshakeThatIsUnderWayGoesOn() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = proxy(LONG, spec -> spec.route("a.test", app));
        Wire bare = proxy.connectBare()) {
      await().until(() -> proxy.server().openConnections() == 1);
      try (Draining _ = new Draining(proxy)) {
        assertThat(bare.isSilent(MOMENT)).isTrue();
        SSLSocketFactory tls = ProxyFixture.ca().clientContext().getSocketFactory();
        SSLSocket socket =
            (SSLSocket) tls.createSocket(bare.socket(), "a.test", proxy.httpsPort(), true);
        try (Wire client = new Wire(socket)) {
          assertThat(client.get("a.test", "/").read().body()).isEqualTo("app");
        }
      }
    }
  }

  @Test
  void whoHasNotHeardThatItsAnswerIsTheLastMayAskOnceMore() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
                  goOn.await();
                  connection.send("late");
                });
        ProxyFixture proxy = proxy(LONG, spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.get("a.test", "/1");
      assertThat(client.readHead().values("connection")).isEmpty();
      try (Draining _ = new Draining(proxy)) {
        goOn.countDown();
        assertThat(new String(client.readBytes(4), StandardCharsets.US_ASCII)).isEqualTo("late");
        Message next = client.get("a.test", "/2").read();
        assertThat(next.body()).isEqualTo("late");
        assertThat(next.value("connection")).isEqualTo("close");
        client.awaitClose();
      }
    }
  }

  @Test
  void allRequestsOfAPipelineThatHaveComeAreAnswered() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app = slow(asked, goOn);
        ProxyFixture proxy = proxy(LONG, spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n".repeat(3));
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      try (Draining _ = new Draining(proxy)) {
        goOn.countDown();
        assertThat(client.read().values("connection")).isEmpty();
        assertThat(client.read().values("connection")).isEmpty();
        assertThat(client.read().value("connection")).isEqualTo("close");
        client.awaitClose();
      }
    }
  }

  @Test
  void aRequestThatHasBegunToArriveIsAnswered() throws Exception {
    try (ProxyFixture proxy = proxy(SHORT, spec -> {});
        Wire client = proxy.connect()) {
      client.get("a.test", "/").read();
      client.send("GET / HTTP/1.1\r\n");
      await().pollDelay(MOMENT).until(() -> proxy.server().openConnections() == 1);
      try (Draining draining = new Draining(proxy)) {
        assertThat(client.isSilent(MOMENT)).isTrue();
        client.send("Host: a.test\r\n\r\n");

        assertThat(client.read().value("connection")).isEqualTo("close");
        client.awaitClose();
        assertThat(draining.cut()).isZero();
      }
    }
  }

  @Test
  void anUploadGoesOnAndIsAnswered() throws Exception {
    try (Origin app =
            Origin.answering((request, connection) -> Origin.ok(connection, request.body()));
        ProxyFixture proxy = proxy(LONG, spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 8").send("half");
      await().until(() -> app.openConnections() == 1);
      try (Draining _ = new Draining(proxy)) {
        assertThat(client.isSilent(MOMENT)).isTrue();
        Message answer = client.send("half").read();
        assertThat(answer.body()).isEqualTo("halfhalf");
        assertThat(answer.value("connection")).isEqualTo("close");
      }
    }
  }

  @Test
  void newRoutesAreFollowed() throws Exception {
    try (Origin before = Origin.named("before");
        Origin after = Origin.named("after");
        ProxyFixture proxy = proxy(LONG, spec -> spec.route("a.test", before));
        Wire idle = proxy.connect()) {
      idle.get("a.test", "/").read();
      try (Draining _ = new Draining(proxy)) {
        proxy.publish(spec -> spec.route("a.test", after));

        assertThat(idle.get("a.test", "/").read().body()).isEqualTo("after");
        assertThat(before.requests()).isEqualTo(1);
      }
    }
  }

  @Test
  void whoWaitsForRoomGetsIt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    ClusterPolicy one =
        ClusterPolicy.of(Balance.LEAST_REQUESTS)
            .withAdmission(new Admission(1, 100, LONG, Duration.ZERO));
    try (Origin app = slow(asked, goOn);
        ProxyFixture proxy = proxy(LONG, spec -> spec.route("a.test", app).shared(one));
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      first.get("a.test", "/");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      second.get("a.test", "/");
      await().until(() -> proxy.server().waiting() == 1);
      try (Draining _ = new Draining(proxy)) {
        goOn.countDown();
        assertThat(first.read().body()).isEqualTo("late");
        assertThat(second.read().body()).isEqualTo("late");
      }
    }
  }

  @Test
  void aRequestIsSentAgainWhenItsTaskIsGone() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin dies =
            Origin.scripted(
                connection -> {
                  connection.read();
                  asked.countDown();
                  goOn.await();
                });
        Origin lives = Origin.named("lives");
        ProxyFixture proxy = proxy(LONG, spec -> spec.route("a.test", dies));
        Wire client = proxy.connect()) {
      client.get("a.test", "/");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      try (Draining _ = new Draining(proxy)) {
        proxy.publish(spec -> spec.route("a.test", lives));
        goOn.countDown();

        assertThat(client.read().body()).isEqualTo("lives");
      }
    }
  }

  // ---- to the end

  @Test
  void whatIsUnderWayEndsAndWhatStaysIdleIsClosed() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app = slow(asked, goOn);
        ProxyFixture proxy = proxy(Duration.ofSeconds(6), spec -> spec.route("a.test", app));
        Wire busy = proxy.connect();
        Wire idle = proxy.connectTls("a.test");
        Wire fresh = proxy.connect();
        Wire silent = proxy.connectBare()) {
      assertThat(idle.get("b.test", "/").read().status()).isEqualTo(421);
      busy.get("a.test", "/");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      await().until(() -> proxy.server().openConnections() == 4);
      try (Draining draining = new Draining(proxy)) {
        idle.awaitClose();
        fresh.awaitClose();
        silent.awaitClose();
        assertThatThrownBy(proxy::connect).isInstanceOf(ConnectException.class);
        goOn.countDown();
        Message answer = busy.read();
        assertThat(answer.body()).isEqualTo("late");
        assertThat(answer.value("connection")).isEqualTo("close");
        busy.awaitClose();
        assertThat(draining.cut()).isZero();
      }
    }
  }

  @Test
  void anHttp2ConnectionSaysGoAwayAndEndsWithItsLastStream() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app = slow(asked, goOn);
        ProxyFixture proxy = proxy(SHORT, spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.get("/");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      try (Draining draining = new Draining(proxy)) {
        client.goAway().get(10, TimeUnit.SECONDS);
        Http2Wire.Exchange onItsWay = client.get("/");
        goOn.countDown();
        assertThat(exchange.body()).isEqualTo("late");
        assertThat(onItsWay.body()).isEqualTo("late");
        await().until(() -> !client.isOpen());
        assertThat(draining.cut()).isZero();
      }
    }
  }

  @Test
  void whatDoesNotEndIsCut() throws Exception {
    CountDownLatch asked = new CountDownLatch(2);
    CountDownLatch never = new CountDownLatch(1);
    try (Origin app = slow(asked, never);
        ProxyFixture proxy = proxy(Duration.ofMillis(300), spec -> spec.route("a.test", app));
        Wire client = proxy.connect();
        Http2Wire http2 = new Http2Wire(proxy, "a.test")) {
      client.get("a.test", "/");
      http2.get("/");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      try (Draining draining = new Draining(proxy)) {
        assertThat(draining.cut()).isBetween(1, 2);
        client.awaitClose();
        await().until(() -> !http2.isOpen());
        never.countDown();
      }
    }
  }

  @Test
  void anotherProtocolGoesOnUntilItIsCut() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.head(
                      "HTTP/1.1 101 Switching Protocols", "Upgrade: x", "Connection: Upgrade");
                  while (true) {
                    connection.send("echo " + connection.readLine() + "\n");
                  }
                });
        ProxyFixture proxy = proxy(SHORT, spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.1", "Host: a.test", "Upgrade: x", "Connection: Upgrade");
      assertThat(client.read().status()).isEqualTo(101);
      try (Draining draining = new Draining(proxy)) {
        assertThat(client.isSilent(MOMENT)).isTrue();
        assertThat(client.send("hello\n").readLine()).isEqualTo("echo hello");
        assertThat(draining.cut()).isEqualTo(1);
        client.awaitClose();
      }
    }
  }

  @Test
  void aCutDoesNotLookLikeTheEndOfAnAnswer() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
                  connection.send("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                });
        ProxyFixture proxy = proxy(Duration.ofMillis(300), spec -> spec.route("a.test", app));
        // Of HTTP/1.0: the end of the connection is that of the answer.
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.0", "Host: a.test").readHead();
      assertThat(new String(client.readBytes(5), StandardCharsets.US_ASCII)).isEqualTo("hello");
      try (Draining draining = new Draining(proxy)) {
        assertThat(draining.cut()).isEqualTo(1);
        assertThatThrownBy(client::awaitEnd).isInstanceOf(SocketException.class);
      }
    }
  }

  private static Origin slow(CountDownLatch asked, CountDownLatch goOn) {
    return Origin.answering(
        (request, connection) -> {
          asked.countDown();
          goOn.await();
          Origin.ok(connection, "late");
        });
  }

  /** A drain that has begun. */
  private static final class Draining implements AutoCloseable {

    private final CompletableFuture<Integer> cut = new CompletableFuture<>();
    private final Thread thread;

    Draining(ProxyFixture proxy) {
      thread = Thread.ofVirtual().start(() -> run(proxy.server()::drain));
      await().until(() -> proxy.server().isDraining());
    }

    private void run(Callable<Integer> drain) {
      try {
        cut.complete(drain.call());
      } catch (Exception e) {
        cut.completeExceptionally(e);
      }
    }

    /** How many connections were cut, when it is over. */
    int cut() throws Exception {
      return cut.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      thread.interrupt();
      cut.exceptionally(_ -> 0).join();
    }
  }
}
