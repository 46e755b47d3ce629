package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.MinimumRate;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What labels say of the requests of a route; {@code b.test} is one without. */
class RouteLimitsTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final int LIMIT = 1000;
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private static RouteLimits body(long bytes) {
    return new RouteLimits(
        Optional.empty(), Optional.empty(), Optional.of(bytes), Optional.empty());
  }

  private static RouteLimits idle(Duration time) {
    return new RouteLimits(Optional.empty(), Optional.of(time), Optional.empty(), Optional.empty());
  }

  private static ProxyFixture bodiesLimited(Origin app) {
    return ProxyFixture.routing(
        spec -> spec.route("a.test", app).limited(body(LIMIT)).route("b.test", app));
  }

  private static Origin counter() {
    return Origin.answering(
        (request, connection) -> Origin.ok(connection, "" + request.body().length()));
  }

  // ---- limit.body

  @Test
  void aBodyThatSaysThatItIsTooLargeIsRefusedAtOnce() throws Exception {
    try (Origin app = counter();
        ProxyFixture proxy = bodiesLimited(app);
        Wire client = proxy.connect();
        Wire other = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: " + (LIMIT + 1));
      Message answer = client.read();

      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.value("connection")).isEqualTo("close");
      client.awaitClose();
      assertThat(app.connections()).isZero();
      other.head("POST / HTTP/1.1", "Host: b.test", "Content-Length: " + (LIMIT + 1));
      assertThat(other.send(new byte[LIMIT + 1]).read().body()).isEqualTo("" + (LIMIT + 1));
      assertThat(proxy.log().getFirst().detail()).contains("limit.body");
      assertThat(proxy.log().getFirst().route()).isEqualTo("a.test/");
    }
  }

  @Test
  void aBodyAsLargeAsAllowedPasses() throws Exception {
    String half = "x".repeat(LIMIT / 2);
    try (Origin app = counter();
        ProxyFixture proxy = bodiesLimited(app);
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: " + LIMIT).send(half);
      assertThat(client.send(half).read().body()).isEqualTo("" + LIMIT);

      client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");
      client.send("1f4\r\n" + half + "\r\n1f4\r\n" + half + "\r\n0\r\n\r\n");
      assertThat(client.read().body()).isEqualTo("" + LIMIT);
    }
  }

  @Test
  void aBodyInChunksEndsWhereItIsTooLarge() throws Exception {
    try (Origin app = counter();
        ProxyFixture proxy = bodiesLimited(app);
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");
      client.send("3e8\r\n" + "x".repeat(LIMIT) + "\r\n");
      await().until(() -> app.openConnections() == 1);
      client.send("1\r\nx\r\n0\r\n\r\n");
      Message answer = client.read();

      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.value("connection")).isEqualTo("close");
      client.awaitClose();
      await().until(() -> app.openConnections() == 0);
      assertThat(app.requests()).isZero();
      assertThat(proxy.log()).singleElement().matches(entry -> entry.requestBytes() == LIMIT);
    }
  }

  @Test
  void whoAsksBeforeItSendsTooMuchIsToldNotTo() throws Exception {
    try (Origin app = counter();
        ProxyFixture proxy = bodiesLimited(app);
        Wire client = proxy.connectTls("a.test")) {
      client.head(
          "POST / HTTP/1.1",
          "Host: a.test",
          "Content-Length: " + (LIMIT + 1),
          "Expect: 100-continue");

      assertThat(client.read().status()).isEqualTo(413);
      assertThat(app.connections()).isZero();
    }
  }

  @Test
  void onceAnswerHasBegunABodyThatIsTooLargeEndsIt() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin");
                  connection.awaitEnd();
                });
        ProxyFixture proxy = bodiesLimited(app);
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");
      assertThat(client.readHead().status()).isEqualTo(200);
      assertThat(client.readBytes(5)).asString().isEqualTo("begin");
      client.send("3e9\r\n" + "x".repeat(LIMIT + 1) + "\r\n");

      client.awaitClose();
      await().until(() -> app.openConnections() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void overHttp2TheOtherRequestsOfTheConnectionGoOn(boolean said) throws Exception {
    try (Origin app = counter();
        ProxyFixture proxy = bodiesLimited(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      List<String> head =
          new ArrayList<>(
              List.of(":method", "POST", ":scheme", "https", ":authority", "a.test", ":path", "/"));
      if (said) {
        head.addAll(List.of("content-length", "" + (LIMIT + 1)));
      }
      Http2Wire.Exchange other = client.post("/");
      Http2Wire.Exchange large = client.request(false, head.toArray(String[]::new));
      if (!said) {
        large.send("x".repeat(LIMIT), false);
        await().until(() -> app.openConnections() == 2);
        large.send("x", false);
      }

      assertThat(large.status()).isEqualTo(413);
      assertThat(large.body()).contains("too large");
      assertThat(other.send("x".repeat(LIMIT), true).body()).isEqualTo("" + LIMIT);
      assertThat(client.get("/").body()).isEqualTo("0");
    }
  }

  // ---- timeout.idle

  /** Answers when a moment has passed that is longer than {@link #SHORT}. */
  private static Origin thoughtful() {
    return Origin.answering(
        (request, connection) -> {
          NEVER.await(3 * SHORT.toMillis(), TimeUnit.MILLISECONDS);
          Origin.ok(connection, "late");
        });
  }

  @Test
  void aRouteMayHaveLessPatienceThanOthers() throws Exception {
    try (Origin app = thoughtful();
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec -> spec.route("a.test", app).limited(idle(SHORT)).route("b.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(504);
      assertThat(client.get("b.test", "/").read().body()).isEqualTo("late");
    }
  }

  @Test
  void aRouteMayHaveMorePatienceThanOthers() throws Exception {
    try (Origin app = thoughtful();
        ProxyFixture proxy =
            ProxyFixture.builder()
                .idleTimeout(SHORT)
                .start(
                    spec ->
                        spec.route("a.test", app)
                            .limited(idle(Duration.ofMinutes(1)))
                            .route("b.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("late");
      assertThat(client.get("b.test", "/").read().status()).isEqualTo(504);
    }
  }

  @Test
  void aTunnelHasThePatienceOfItsRoute() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  connection.head(
                      "HTTP/1.1 101 Switching Protocols", "Upgrade: x", "Connection: Upgrade");
                  connection.awaitClose();
                });
        ProxyFixture proxy =
            ProxyFixture.builder()
                .idleTimeout(Duration.ofMinutes(1))
                .start(spec -> spec.route("a.test", app).limited(idle(SHORT)));
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.1", "Host: a.test", "Upgrade: x", "Connection: Upgrade");
      assertThat(client.readHead().status()).isEqualTo(101);

      client.awaitClose();
    }
  }

  // ---- timeout.connect

  /** A port whose queue is full: the system drops what comes. */
  private record FullPort(ServerSocket server, List<Socket> waiting) implements AutoCloseable {

    static FullPort open() throws IOException {
      ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
      List<Socket> waiting = new ArrayList<>();
      while (true) {
        Socket socket = new Socket();
        waiting.add(socket);
        try {
          socket.connect(
              new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), server.getLocalPort()),
              500);
        } catch (SocketTimeoutException full) {
          return new FullPort(server, waiting);
        }
      }
    }

    EndpointSpec endpoint() {
      return new EndpointSpec("127.0.0.1", server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  @Test
  void aRouteMayGiveUpEarlierOnATaskThatDoesNotAnswer() throws Exception {
    RouteLimits limits =
        new RouteLimits(Optional.of(SHORT), Optional.empty(), Optional.empty(), Optional.empty());
    try (FullPort dead = FullPort.open();
        Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .connectTimeout(Duration.ofHours(1))
                .idleTimeout(Duration.ofHours(1))
                .start(
                    spec -> spec.route("a.test", dead.endpoint(), app.endpoint()).limited(limits));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 4; i++) {
        assertThat(client.get("a.test", "/").read().body()).isEqualTo("app");
      }
    }
  }

  // ---- limit.min-rate

  @Test
  void aRouteMayHaveClientsThatTrickle() throws Exception {
    RouteLimits limits =
        new RouteLimits(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(new MinimumRate(0)));
    try (Origin app = counter();
        ProxyFixture proxy =
            ProxyFixture.builder()
                .idleTimeout(SHORT)
                .limits(each -> each.minRate(8192))
                .start(spec -> spec.route("a.test", app).limited(limits).route("b.test", app));
        Wire allowed = proxy.connect();
        Wire client = proxy.connect()) {
      allowed.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");
      client.head("POST / HTTP/1.1", "Host: b.test", "Transfer-Encoding: chunked");
      while (client.isSilent(Duration.ofMillis(20))) {
        client.send("1\r\nx\r\n");
        allowed.send("1\r\nx\r\n");
      }

      assertThat(client.read().status()).isEqualTo(408);
      assertThat(allowed.send("0\r\n\r\n").read().status()).isEqualTo(200);
    }
  }
}
