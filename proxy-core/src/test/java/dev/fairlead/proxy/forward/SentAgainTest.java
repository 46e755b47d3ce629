package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.RetrySpec;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that were sent to a task that gave no answer, or one that is as good as none. */
class SentAgainTest {

  private static final int LIMIT = 1_000;

  private static RouteLimits limits(int attempts, Integer... statuses) {
    return new RouteLimits(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new RetrySpec(attempts, Set.of(statuses), LIMIT));
  }

  private static ProxyFixture between(RouteLimits limits, Origin... apps) {
    return ProxyFixture.routing(spec -> spec.route("a.test", apps).limited(limits));
  }

  /** Reads a request whole and leaves. */
  private static Origin leaving() {
    return Origin.scripted(Wire::read);
  }

  /** Answers with the body that it got. */
  private static Origin echo() {
    return Origin.answering((request, connection) -> Origin.ok(connection, request.body()));
  }

  private static Origin answering(int status) {
    return Origin.answering(
        (request, connection) ->
            connection.send("HTTP/1.1 %d No\r\nContent-Length: 2\r\n\r\nno".formatted(status)));
  }

  private static Wire put(Wire client, String body) throws IOException {
    return client.send(
        "PUT / HTTP/1.1\r\nHost: a.test\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body));
  }

  @Test
  void onNewConnectionsToo() throws Exception {
    try (Origin bad = leaving();
        Origin good = Origin.named("good");
        ProxyFixture proxy = between(limits(3), bad, good);
        Wire client = proxy.connect()) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.get("a.test", "/").read().body()).isEqualTo("good");
      }
      assertThat(bad.connections()).isPositive();
      assertThat(proxy.log()).anySatisfy(entry -> assertThat(entry.attempts()).isEqualTo(2));
    }
  }

  @Test
  void butNotWhatMayHaveHadItsEffect() throws Exception {
    try (Origin bad = leaving();
        ProxyFixture proxy = between(limits(3), bad, bad);
        Wire client = proxy.connect()) {
      Message answer =
          client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi").read();
      assertThat(answer.status()).isEqualTo(502);
      assertThat(bad.connections()).isEqualTo(1);
    }
  }

  @Test
  void asOftenAsTheLabelSays() throws Exception {
    try (Origin one = leaving();
        Origin two = leaving();
        Origin three = leaving();
        ProxyFixture proxy = between(limits(2), one, two, three);
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(502);
      assertThat(one.connections() + two.connections() + three.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, LIMIT})
  void withTheirBodies(int length) throws Exception {
    String body = "b".repeat(length);
    try (Origin bad = leaving();
        Origin good = echo();
        ProxyFixture proxy = between(limits(3), bad, good);
        Wire client = proxy.connect()) {
      for (int i = 0; i < 4; i++) {
        assertThat(put(client, body).read().body()).isEqualTo(body);
      }
      assertThat(bad.connections()).isPositive();
      assertThat(proxy.server().keptBodyBytes()).isZero();
    }
  }

  @Test
  void withTheTrailersBehindThem() throws Exception {
    try (Origin bad = leaving();
        Origin good =
            Origin.answering(
                (request, connection) ->
                    Origin.ok(connection, request.body() + request.trailers()));
        ProxyFixture proxy = between(limits(3), bad, good);
        Wire client = proxy.connect()) {
      for (int i = 0; i < 4; i++) {
        Message answer =
            client
                .send(
                    "PUT / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 7\r\n\r\n")
                .read();
        assertThat(answer.body()).isEqualTo("abcde[X-Sum: 7]");
      }
    }
  }

  @Test
  void whoeverSendsThem() throws Exception {
    try (Origin bad = leaving();
        Origin good = Origin.named("good");
        ProxyFixture proxy = between(limits(3), bad, good);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      for (int i = 0; i < 4; i++) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
      assertThat(bad.connections()).isPositive();
    }
  }

  @Test
  void butNotWithBodiesThatAreTooLargeToKeep() throws Exception {
    try (Origin bad = leaving();
        ProxyFixture proxy = between(limits(3), bad, bad);
        Wire client = proxy.connect()) {
      assertThat(put(client, "b".repeat(LIMIT + 1)).read().status()).isEqualTo(502);
      assertThat(bad.connections()).isEqualTo(1);
      assertThat(proxy.server().keptBodyBytes()).isZero();
    }
  }

  @Test
  void inTheMiddleOfABodyThatIsStillComing() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    AtomicInteger connections = new AtomicInteger();
    Origin.Script script =
        connection -> {
          connection.readHead();
          if (connections.incrementAndGet() == 1) {
            connection.readBytes(2);
            connection.reset();
            left.countDown();
          } else {
            Origin.ok(connection, new String(connection.readBytes(5), StandardCharsets.US_ASCII));
          }
        };
    try (Origin one = Origin.scripted(script);
        Origin two = Origin.scripted(script);
        ProxyFixture proxy = between(limits(3), one, two);
        Wire client = proxy.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhe");
      left.await();
      await().until(() -> connections.get() == 2);

      assertThat(client.send("llo").read().body()).isEqualTo("hello");
    }
  }

  @Test
  void afterAStatusThatTheLabelNames() throws Exception {
    try (Origin bad = answering(503);
        Origin good = Origin.named("good");
        ProxyFixture proxy = between(limits(3, 503), bad, good);
        Wire client = proxy.connect()) {
      for (int i = 0; i < 4; i++) {
        assertThat(client.get("a.test", "/").read().body()).isEqualTo("good");
      }
      assertThat(bad.requests()).isPositive();
    }
  }

  @Test
  void butNotAfterAnother() throws Exception {
    try (Origin bad = answering(502);
        ProxyFixture proxy = between(limits(3, 503), bad, bad);
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(502);
      assertThat(bad.requests()).isEqualTo(1);
    }
  }

  @Test
  void norOfAMethodThatMayHaveHadItsEffect() throws Exception {
    try (Origin one = answering(503);
        Origin two = answering(503);
        ProxyFixture proxy = between(limits(3, 503), one, two);
        Wire client = proxy.connect()) {
      Message answer =
          client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi").read();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(one.requests() + two.requests()).isEqualTo(1);
    }
  }

  @Test
  void theLastAnswerIsPassedOn() throws Exception {
    try (Origin one = answering(503);
        Origin two = answering(503);
        ProxyFixture proxy = between(limits(3, 503), one, two);
        Wire client = proxy.connect()) {
      Message answer = client.get("a.test", "/").read();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("no");
      assertThat(one.requests() + two.requests()).isEqualTo(2);
    }
  }
}
