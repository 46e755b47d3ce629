package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP/1 heads whose ends have not come may take of the memory together. */
class UnfinishedHeadsTest {

  private static final int REQUESTS = 128 * 1024;
  private static final int HEAP = 8 * REQUESTS;
  private static final int LARGE = 20_000;

  /** A large head holds more than so much of what is counted. */
  private static final int LEAST = LARGE - 6000;

  private static final String BEGIN = "GET / HTTP/1.1\r\nHost: a.test\r\nX: ";

  private static ProxyFixture proxy(Origin app) {
    return ProxyFixture.builder().heapBytes(HEAP).start(spec -> spec.route("a.test", app));
  }

  private static long held(ProxyFixture proxy) {
    return proxy.server().unfinishedHeadBytes();
  }

  private static void awaitHeld(ProxyFixture proxy, long least) {
    await().until(() -> held(proxy) >= least);
  }

  private static void awaitNothingHeld(ProxyFixture proxy) {
    await().until(() -> held(proxy) == 0);
  }

  @Test
  void theOneTooManyIsRefusedAndSmallOnesAreNot() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = proxy(app);
        Wire kept = proxy.connect()) {
      assertThat(kept.get("a.test", "/").read().body()).isEqualTo("app");
      List<Wire> held = new ArrayList<>();
      Wire refused = unfinished(proxy);
      while (!isAnswered(refused, proxy, (held.size() + 1L) * LEAST)) {
        held.add(refused);
        refused = unfinished(proxy);
      }
      assertThat(refused.read().status()).isEqualTo(431);
      refused.awaitClose();
      refused.close();
      assertThat(held).hasSizeBetween(3, REQUESTS / LEAST);
      assertThat(held(proxy)).isLessThanOrEqualTo(REQUESTS);

      try (Wire small = proxy.connect();
          Wire inPieces = proxy.connect()) {
        for (Wire client : List.of(kept, small)) {
          assertThat(client.send(head(4096)).read().body()).isEqualTo("app");
        }
        for (byte piece : head(4096)) {
          inPieces.send(new byte[] {piece});
        }
        assertThat(inPieces.read().body()).isEqualTo("app");
      }

      held.forEach(Wire::close);
      awaitNothingHeld(proxy);
      assertThat(kept.send(head(LARGE)).read().body()).isEqualTo("app");
      assertThat(held(proxy)).isZero();
    }
  }

  private static Wire unfinished(ProxyFixture proxy) throws IOException {
    return proxy.connect().send(BEGIN + "y".repeat(LARGE));
  }

  private static boolean isAnswered(Wire wire, ProxyFixture proxy, long least) {
    await().until(() -> held(proxy) >= least || wire.socket().getInputStream().available() > 0);
    return held(proxy) < least;
  }

  /** A whole request whose head has so many bytes. */
  private static byte[] head(int bytes) {
    String end = "\r\n\r\n";
    String padding = "y".repeat(bytes - BEGIN.length() - end.length());
    return (BEGIN + padding + end).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Ways in which a head, of which a large part has come, ends. */
  @SuppressWarnings("ImmutableEnumChecker") // The ways keep nothing.
  enum End {
    COMPLETE(wire -> expect(wire.send("\r\n\r\n"), 200)),
    MALFORMED(wire -> expect(wire.send("\u0000"), 400)),
    TOO_LARGE(wire -> expect(wire.send("y".repeat(LARGE)), 431)),
    BAD_REQUEST_LINE(wire -> expect(wire.send("\r\nHost: b.test\r\n\r\n"), 400)),
    LATE(wire -> expect(wire, 408)),
    CLOSED(Wire::close),
    RESET(Wire::reset),
    HALF_CLOSED(wire -> wire.socket().shutdownOutput());

    private final Origin.Script way;

    End(Origin.Script way) {
      this.way = way;
    }

    private static void expect(Wire wire, int status) throws IOException {
      assertThat(wire.read().status()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whateverTheEndIsNothingIsHeldThen(End end) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .heapBytes(HEAP)
                .headerTimeout(Duration.ofSeconds(end == End.LATE ? 1 : 20))
                .start(spec -> spec.route("a.test", app))) {
      for (boolean tls : end == End.HALF_CLOSED ? List.of(false) : List.of(false, true)) {
        for (boolean first : List.of(true, false)) {
          try (Wire client = tls ? proxy.connectTls("a.test") : proxy.connect()) {
            if (!first) {
              client.get("a.test", "/").read();
            }
            client.send(BEGIN + "y".repeat(LARGE));
            awaitHeld(proxy, LEAST);

            end.way.run(client);
            awaitNothingHeld(proxy);
          }
        }
      }
    }
  }

  @Test
  void nothingIsHeldWhenTheProxyHasEnded() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .heapBytes(HEAP)
                .drainTimeout(Duration.ofMillis(300))
                .start(spec -> spec.route("a.test", app));
        Wire client = unfinished(proxy)) {
      awaitHeld(proxy, LEAST);

      assertThat(proxy.server().drain()).isEqualTo(1);
      awaitNothingHeld(proxy);
      client.awaitClose();
    }
  }

  /** Ways in which trailers, of which a large part has come, end. */
  @SuppressWarnings("ImmutableEnumChecker") // The ways keep nothing.
  enum TrailersEnd {
    COMPLETE(wire -> End.expect(wire.send("\r\n\r\n"), 200)),
    MALFORMED(wire -> wire.send("\u0000").awaitEnd()),
    TOO_LARGE(wire -> wire.send("y".repeat(8192)).awaitEnd()),
    CLOSED(Wire::close),
    RESET(Wire::reset),
    HALF_CLOSED(wire -> wire.socket().shutdownOutput());

    private final Origin.Script way;

    TrailersEnd(Origin.Script way) {
      this.way = way;
    }
  }

  private static void sendUnfinishedTrailers(Wire client) throws IOException {
    client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");
    client.send("0\r\nX: " + "y".repeat(7000));
  }

  @ParameterizedTest
  @EnumSource
  void fieldsBehindABodyCountToo(TrailersEnd end) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = proxy(app);
        Wire client = proxy.connect()) {
      sendUnfinishedTrailers(client);
      awaitHeld(proxy, 1000);

      end.way.run(client);
      awaitNothingHeld(proxy);
    }
  }

  @Test
  void fieldsBehindABodyThatWasAnsweredBeforeTheirEndAreGivenBack() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  answer.await();
                  Origin.ok(connection, "early");
                  connection.awaitEnd();
                });
        ProxyFixture proxy = proxy(app);
        Wire client = proxy.connect()) {
      sendUnfinishedTrailers(client);
      awaitHeld(proxy, 1000);

      answer.countDown();
      assertThat(client.read().body()).isEqualTo("early");
      awaitNothingHeld(proxy);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\nContent-Length: 0\r\n\r\n", // its end
        "\u0000", // no head
        "" // the end of the connection
      })
  void headsOfAnswersCountAndAreGivenBack(String rest) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  connection.send("HTTP/1.1 200 OK\r\nX: " + "y".repeat(LARGE));
                  end.await();
                  connection.send(rest);
                  if (!rest.isEmpty()) {
                    connection.awaitEnd();
                  }
                });
        ProxyFixture proxy = proxy(app);
        Wire client = proxy.connect()) {
      client.get("a.test", "/");
      awaitHeld(proxy, LEAST);

      end.countDown();
      assertThat(client.read().status()).isEqualTo(rest.length() > 1 ? 200 : 502);
      awaitNothingHeld(proxy);
    }
  }

  @Test
  void theHeadOfAnAnswerIsGivenBackWhenItsClientLeaves() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  connection.send("HTTP/1.1 200 OK\r\nX: " + "y".repeat(LARGE));
                  connection.awaitEnd();
                });
        ProxyFixture proxy = proxy(app);
        Wire client = proxy.connect()) {
      client.get("a.test", "/");
      awaitHeld(proxy, LEAST);

      client.reset();
      awaitNothingHeld(proxy);
    }
  }

  @Test
  void theHeadOfAnAnswerThatIsOneTooManyIsABadGatewayAndRequestsDoNotTakeItsRoom()
      throws Exception {
    try (Origin large =
            Origin.answering(
                (request, connection) ->
                    connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: "
                            + "y".repeat(Integer.parseInt(request.value("x-bytes")))
                            + "\r\n\r\n"));
        ProxyFixture proxy =
            ProxyFixture.builder()
                .heapBytes(16 * LARGE)
                .start(spec -> spec.route("a.test", large));
        Wire requests = proxy.connect();
        Wire client = proxy.connect()) {
      requests.send(BEGIN + "y".repeat(LARGE));
      awaitHeld(proxy, LEAST);

      assertThat(ask(client, 9000)).isEqualTo(200);
      assertThat(ask(client, 60_000)).isEqualTo(502);
      assertThat(ask(client, 3000)).isEqualTo(200);
      requests.reset();
      awaitNothingHeld(proxy);
    }
  }

  private static int ask(Wire client, int bytes) throws IOException {
    return client.head("GET / HTTP/1.1", "Host: a.test", "X-Bytes: " + bytes).read().status();
  }
}
