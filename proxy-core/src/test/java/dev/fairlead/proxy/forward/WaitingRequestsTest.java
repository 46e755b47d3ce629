package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.Admission;
import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Requests that wait for a task, or for room at one. */
class WaitingRequestsTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(200);

  private static ClusterPolicy admitting(int inFlight, int waiting, Duration patience) {
    return ClusterPolicy.of(Balance.LEAST_REQUESTS)
        .withAdmission(new Admission(inFlight, waiting, patience, Duration.ZERO));
  }

  private static ClusterPolicy holding(int waiting, Duration time) {
    return ClusterPolicy.of(Balance.LEAST_REQUESTS)
        .withAdmission(new Admission(0, waiting, Duration.ZERO, time));
  }

  private static ProxyFixture withoutTasks(ClusterPolicy policy) {
    return ProxyFixture.routing(spec -> spec.route("a.test", new EndpointSpec[0]).shared(policy));
  }

  /** An app that answers one request for each permit, and how many it has at a time. */
  private static final class Slow implements AutoCloseable {

    private final Semaphore permits = new Semaphore(0);
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Origin origin =
        Origin.answering(
            (request, connection) -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              permits.acquire();
              now.decrementAndGet();
              Origin.ok(connection, request.start());
            });

    @Override
    public void close() {
      permits.release(1_000);
      origin.close();
    }
  }

  // ---- for room

  @Test
  void noTaskHasMoreThanItMayAndAllAreAnswered() throws Exception {
    List<Wire> clients = new ArrayList<>();
    try (Slow one = new Slow();
        Slow two = new Slow();
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec ->
                    spec.route("a.test", one.origin, two.origin).shared(admitting(2, 100, LONG)))) {
      for (int i = 0; i < 20; i++) {
        Wire client = proxy.connect();
        clients.add(client);
        client.get("a.test", "/" + i);
      }
      await().until(() -> one.now.get() == 2 && two.now.get() == 2);
      one.permits.release(100);
      two.permits.release(100);
      for (Wire client : clients) {
        assertThat(client.read().status()).isEqualTo(200);
      }
      assertThat(one.most.get()).isLessThanOrEqualTo(2);
      assertThat(two.most.get()).isLessThanOrEqualTo(2);
    } finally {
      for (Wire client : clients) {
        client.close();
      }
    }
  }

  @Test
  void whoWaitsTooLongIsToldThatTheServiceIsBusy() throws Exception {
    try (Slow app = new Slow();
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec -> spec.route("a.test", app.origin).shared(admitting(1, 100, SHORT)));
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      first.get("a.test", "/1");
      await().until(() -> app.now.get() == 1);

      Message answer = second.get("a.test", "/2").read();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("busy");
      assertThat(answer.value("retry-after")).isNotEmpty();
      app.permits.release();
      assertThat(first.read().status()).isEqualTo(200);
    }
  }

  @Test
  void noMoreWaitThanMay() throws Exception {
    try (Slow app = new Slow();
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec -> spec.route("a.test", app.origin).shared(admitting(1, 1, LONG)));
        Wire first = proxy.connect();
        Wire second = proxy.connect();
        Wire third = proxy.connect()) {
      first.get("a.test", "/1");
      await().until(() -> app.now.get() == 1);
      second.get("a.test", "/2");
      await().until(() -> proxy.server().waiting() == 1);
      assertThat(third.get("a.test", "/3").read().status()).isEqualTo(503);

      app.permits.release(2);
      assertThat(first.read().status()).isEqualTo(200);
      assertThat(second.read().status()).isEqualTo(200);
    }
  }

  @Test
  void whoLeavesMakesRoomForOthers() throws Exception {
    try (Slow app = new Slow();
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec -> spec.route("a.test", app.origin).shared(admitting(1, 100, LONG)));
        Wire second = proxy.connect()) {
      try (Wire first = proxy.connect()) {
        first.get("a.test", "/1");
        await().until(() -> app.now.get() == 1);
        second.get("a.test", "/2");
        await().until(() -> proxy.server().waiting() == 1);
      }
      app.permits.release(2);

      assertThat(second.read().status()).isEqualTo(200);
    }
  }

  // ---- for room, once a task has failed

  /** Reads a request whole and leaves. */
  private static Origin leaving() {
    return Origin.scripted(Wire::read);
  }

  /**
   * Has one request at the slow app, which takes no more, and routes others to the bad one, too.
   */
  private static void occupy(
      Wire first, Slow app, Origin bad, ProxyFixture proxy, ClusterPolicy policy) throws Exception {
    first.get("a.test", "/1");
    await().until(() -> app.now.get() == 1);
    proxy.publish(spec -> spec.route("a.test", app.origin, bad).shared(policy));
  }

  @Test
  void whoseTaskFailedWaitsForRoomAtTheOthers() throws Exception {
    ClusterPolicy policy = admitting(1, 100, LONG);
    try (Slow app = new Slow();
        Origin bad = leaving();
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", app.origin).shared(policy));
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      occupy(first, app, bad, proxy, policy);
      second.send("PUT /2 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi");
      await().until(() -> bad.connections() == 1 && proxy.server().waiting() == 1);
      assertThat(second.isSilent(SHORT)).isTrue();
      app.permits.release(2);

      assertThat(first.read().status()).isEqualTo(200);
      assertThat(second.read().body()).startsWith("PUT /2");
      assertThat(app.most.get()).isEqualTo(1);
      assertThat(bad.connections()).isEqualTo(1);
      await().until(() -> proxy.log().size() == 2);
      assertThat(proxy.log().getLast().attempts()).isEqualTo(2);
    }
  }

  @Test
  void andNotForLongerThanOthers() throws Exception {
    ClusterPolicy policy = admitting(1, 100, SHORT);
    try (Slow app = new Slow();
        Origin bad = leaving();
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", app.origin).shared(policy));
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      occupy(first, app, bad, proxy, policy);
      Message answer = second.get("a.test", "/2").read();

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("busy");
      assertThat(bad.connections()).isEqualTo(1);
      assertThat(proxy.server().waiting()).isZero();
    }
  }

  @Test
  void norWhereNoMoreMayWait() throws Exception {
    ClusterPolicy policy = admitting(1, 0, LONG);
    try (Slow app = new Slow();
        Origin bad = leaving();
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", app.origin).shared(policy));
        Wire first = proxy.connect();
        Wire second = proxy.connect()) {
      occupy(first, app, bad, proxy, policy);

      assertThat(second.get("a.test", "/2").read().status()).isEqualTo(502);
      assertThat(bad.connections()).isEqualTo(1);
    }
  }

  @Test
  void norForATaskThatIsOneOfThoseThatFailed() throws Exception {
    try (Origin bad = leaving();
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec -> spec.route("a.test", bad).shared(admitting(1, 100, LONG)));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(502);
      assertThat(bad.connections()).isEqualTo(1);
    }
  }

  // ---- for a task

  @Test
  void requestsAreHeldUntilThereIsATask() throws Exception {
    ClusterPolicy policy = holding(100, LONG);
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = withoutTasks(policy);
        Wire client = proxy.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi");
      await().until(() -> proxy.server().waiting() == 1);
      proxy.publish(spec -> spec.route("a.test", app).shared(policy));

      assertThat(client.read().body()).isEqualTo("app");
    }
  }

  @Test
  void butNotForLongerThanTheLabelSays() throws Exception {
    try (ProxyFixture proxy = withoutTasks(holding(100, SHORT));
        Wire client = proxy.connect()) {
      Message answer = client.get("a.test", "/").read();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.value("retry-after")).isNotEmpty();
      // And the connection is as good as before.
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(503);
    }
  }

  @Test
  void whoIsHeldAndLeavesIsForgotten() throws Exception {
    ClusterPolicy policy = holding(1, LONG);
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = withoutTasks(policy)) {
      try (Wire client = proxy.connect()) {
        client.get("a.test", "/");
        await().until(() -> proxy.server().waiting() == 1);
      }
      await().atMost(LONG).until(() -> proxy.server().waiting() == 0);
      try (Wire next = proxy.connect()) {
        next.get("a.test", "/");
        await().until(() -> proxy.server().waiting() == 1);
        proxy.publish(spec -> spec.route("a.test", app).shared(policy));
        assertThat(next.read().body()).isEqualTo("app");
      }
    }
  }

  @Test
  void aTaskOfAnotherServiceIsNotWaitedFor() throws Exception {
    ClusterPolicy policy = holding(100, LONG);
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = withoutTasks(policy);
        Wire client = proxy.connect()) {
      client.get("a.test", "/");
      await().until(() -> proxy.server().waiting() == 1);
      proxy.publish(
          spec -> spec.route("a.test", new EndpointSpec[0]).shared(policy).route("b.test", app));
      assertThat(client.isSilent(SHORT)).isTrue();
      assertThat(proxy.server().waiting()).isEqualTo(1);
    }
  }
}
