package dev.fairlead.proxy.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A change of one service touches nothing of another, and no request of its own. */
class ChangesTest {

  @Test
  void aTunnelOfOneServiceSurvivesAHundredChangesOfAnother() throws Exception {
    try (Origin chat =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.head(
                      "HTTP/1.1 101 Switching Protocols", "Upgrade: x", "Connection: Upgrade");
                  while (true) {
                    connection.send(connection.readLine() + "\n");
                  }
                });
        Origin one = Origin.named("one");
        Origin two = Origin.named("two");
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", chat).route("b.test", one));
        Wire client = proxy.connect();
        Wire other = proxy.connect()) {
      client.head("GET / HTTP/1.1", "Host: a.test", "Connection: Upgrade", "Upgrade: x").read();
      for (int i = 0; i < 100; i++) {
        Origin now = i % 2 == 0 ? two : one;
        proxy.publish(spec -> spec.route("a.test", chat).route("b.test", now));
        assertThat(other.get("b.test", "/").read().body()).isEqualTo(i % 2 == 0 ? "two" : "one");
        assertThat(client.send("still " + i + "\n").readLine()).isEqualTo("still " + i);
      }
      assertThat(chat.connections()).isEqualTo(1);
    }
  }

  @Test
  void theKeptConnectionsOfOneServiceSurviveAChangeOfAnother() throws Exception {
    try (Origin app = Origin.named("a");
        Origin one = Origin.named("one");
        Origin two = Origin.named("two");
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", app).route("b.test", one));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("a.test", "/").read().body()).isEqualTo("a");
        Origin now = i % 2 == 0 ? two : one;
        proxy.publish(spec -> spec.route("a.test", app).route("b.test", now));
      }
      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void theIdleConnectionsToATaskThatLeftAreClosed() throws Exception {
    try (Origin one = Origin.named("one");
        Origin two = Origin.named("two");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", one));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("one");
      assertThat(one.openConnections()).isEqualTo(1);

      proxy.publish(spec -> spec.route("a.test", two));

      await().untilAsserted(() -> assertThat(one.openConnections()).isZero());
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("two");
    }
  }

  @Test
  void aRequestThatIsUnderWayEndsAtTheTaskThatLeft() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin one =
            Origin.answering(
                (request, connection) -> {
                  asked.countDown();
                  goOn.await();
                  Origin.ok(connection, "one");
                });
        Origin two = Origin.named("two");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", one));
        Wire client = proxy.connect()) {
      client.get("a.test", "/");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      proxy.publish(spec -> spec.route("a.test", two));
      goOn.countDown();

      assertThat(client.read().body()).isEqualTo("one");
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("two");
      await().untilAsserted(() -> assertThat(one.openConnections()).isZero());
    }
  }

  @Test
  void noRequestFailsWhileTasksComeAndGo() throws Exception {
    try (Origin one = Origin.named("x");
        Origin two = Origin.named("x");
        Origin three = Origin.named("x");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", one, two));
        Wire client = proxy.connect()) {
      Origin[][] sets = {{one, two}, {two, three}, {three}, {three, one}, {one}};
      for (int i = 0; i < 500; i++) {
        Origin[] now = sets[i % sets.length];
        proxy.publish(spec -> spec.route("a.test", now));
        assertThat(client.get("a.test", "/").read().status()).isEqualTo(200);
      }
    }
  }
}
