package dev.fairlead.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.config.routing.Scheme;
import dev.fairlead.config.routing.StatusRanges;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.proxy.testing.Http2Origin;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What tasks are asked, in their protocols, and what becomes of those that answer badly. */
class EndpointChecksTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private static ClusterPolicy checking(Optional<String> path, Duration timeout) {
    return ClusterPolicy.of(Balance.ROUND_ROBIN)
        .withoutEjection()
        .withCheck(
            Optional.of(
                new HealthCheck(
                    path,
                    "shop.test",
                    StatusRanges.parse("200").orElseThrow(),
                    Duration.ofMillis(500),
                    timeout,
                    1,
                    1)));
  }

  private static ProxyFixture checking(Origin one, Origin two) {
    return ProxyFixture.routing(
        spec ->
            spec.route("a.test", one, two)
                .shared(checking(Optional.of("/healthz?full=1"), Duration.ofSeconds(5))));
  }

  @Test
  void aTaskIsAskedForThePath() throws Exception {
    BlockingQueue<Message> seen = new LinkedBlockingQueue<>();
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  seen.add(request);
                  Origin.ok(connection, "well");
                });
        Origin other = Origin.named("other");
        ProxyFixture proxy = checking(app, other)) {
      Message request = seen.poll(30, TimeUnit.SECONDS);

      assertThat(request).isNotNull();
      assertThat(request.start()).isEqualTo("GET /healthz?full=1 HTTP/1.1");
      assertThat(request.value("host")).isEqualTo("shop.test");
      // The next one comes, too, and nobody hears of them as requests of visitors.
      assertThat(seen.poll(30, TimeUnit.SECONDS)).isNotNull();
      assertThat(proxy.log()).isEmpty();
    }
  }

  @Test
  void oneThatSaysThatItIsIllGetsNoRequestsUntilItIsWell() throws Exception {
    AtomicInteger status = new AtomicInteger(500);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  if (request.start().contains("/healthz")) {
                    connection.send(
                        "HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n".formatted(status.get()));
                  } else {
                    Origin.ok(connection, "app");
                  }
                });
        Origin other = Origin.named("other");
        ProxyFixture proxy = checking(app, other);
        Wire client = proxy.connect()) {
      await().atMost(SOON).until(() -> onlyTheOther(client));
      status.set(200);
      await().atMost(SOON).until(() -> client.get("a.test", "/").read().body().equals("app"));
    }
  }

  @Test
  void oneThatDoesNotAnswerInTimeIsIll() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  if (request.start().contains("/healthz")) {
                    never.await();
                  } else {
                    Origin.ok(connection, "app");
                  }
                });
        Origin other = Origin.named("other");
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec ->
                    spec.route("a.test", app, other)
                        .shared(checking(Optional.of("/healthz"), Duration.ofMillis(500))));
        Wire client = proxy.connect()) {
      await().atMost(SOON).until(() -> onlyTheOther(client));
      never.countDown();
    }
  }

  @Test
  void whatWaitsForOneThatIsSilentGoesElsewhereIfItMay() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger visitors = new AtomicInteger();
    Origin.Answer frozen =
        (request, connection) -> {
          if (!request.start().contains("/healthz")) {
            visitors.incrementAndGet();
          }
          never.await();
        };
    try (Origin app = Origin.answering(frozen);
        Origin other = Origin.named("other");
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec ->
                    spec.route("a.test", app, other)
                        .shared(checking(Optional.of("/healthz"), Duration.ofMillis(500))));
        Wire one = proxy.connect();
        Wire two = proxy.connect();
        Wire three = proxy.connect()) {
      // On two event loops, each of which asks one after the other.
      for (Wire client : List.of(one, two, three)) {
        client.get("a.test", "/");
      }
      for (Wire client : List.of(one, two, three)) {
        assertThat(client.read().body()).isEqualTo("other");
      }
      assertThat(visitors.get()).isPositive();
      never.countDown();
    }
  }

  @Test
  void aConnectionAloneCanBeEnough() throws Exception {
    try (Origin app = Origin.named("app");
        Origin other = Origin.named("other");
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec ->
                    spec.route("a.test", app, other)
                        .shared(checking(Optional.empty(), Duration.ofSeconds(5))));
        Wire client = proxy.connect()) {
      await().atMost(SOON).until(() -> app.connections() >= 2 && other.connections() >= 2);
      assertThat(app.requests()).isZero();
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(200);
    }
  }

  @Test
  void appsOfHttp2AreAskedInTheirProtocol() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  if ("/healthz".contentEquals(stream.head().path())) {
                    asked.incrementAndGet();
                  }
                  stream.answer("well");
                });
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec ->
                    spec.route(
                            "a.test",
                            new UpstreamSpec(Scheme.H2C, Optional.empty(), false),
                            app.endpoint(),
                            new EndpointSpec("127.0.0.1", 1))
                        .shared(checking(Optional.of("/healthz"), Duration.ofSeconds(5))))) {
      await().atMost(SOON).until(() -> asked.get() >= 2);
      assertThat(proxy.log()).isEmpty();
    }
  }

  private static boolean onlyTheOther(Wire client) throws IOException {
    for (int i = 0; i < 4; i++) {
      if (!client.get("a.test", "/").read().body().equals("other")) {
        return false;
      }
    }
    return true;
  }
}
