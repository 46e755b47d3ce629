package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Requests under way are counted for what they hold of the heap, and whose are too many loses them.
 * What is held of buffers needs a process with little memory: {@code HoardersTest} has one.
 */
class LoadSheddingTest {

  private static final int HEAP = 32 * 1024 * 1024;

  /** Of which requests may have a quarter. */
  private static final long LIMIT = HEAP / 4;

  private static final String LARGE_FIELD = "z".repeat(12 * 1024);

  /** About 2.7 MB. */
  private static final int REQUESTS = 100;

  @Test
  void whoHasVeryManyRequestsUnderWayLosesThemAndNobodyElse() throws Exception {
    List<Http2Wire> clients = new ArrayList<>();
    try (Origin app = Origin.named("app");
        Origin never = Origin.scripted(connection -> connection.awaitEnd());
        ProxyFixture proxy =
            ProxyFixture.builder()
                .heapBytes(HEAP)
                // "before" waits as long as the others take, which on a busy machine is long.
                .keepAliveTimeout(Duration.ofMinutes(5))
                .idleTimeout(Duration.ofMinutes(5))
                .start(spec -> spec.route("never.test", never).route("a.test", app));
        Wire before = proxy.connect()) {
      assertThat(before.get("a.test", "/").read().body()).isEqualTo("app");

      for (int i = 0; i < 8; i++) {
        Http2Wire client = new Http2Wire(proxy, "never.test");
        clients.add(client);
        for (int j = 0; j < REQUESTS && client.isOpen(); j++) {
          client.ask("GET", "/", true, "x-large", LARGE_FIELD);
        }
      }

      await().until(() -> proxy.server().connectionsShed() > 0);
      await().until(() -> proxy.server().underWayBytes() < LIMIT);
      assertThat(clients).anyMatch(Http2Wire::isOpen);
      Message answer = before.get("a.test", "/").read();
      assertThat(answer.body()).isEqualTo("app");
      try (Wire fresh = proxy.connectTls("a.test")) {
        assertThat(fresh.get("a.test", "/").read().body()).isEqualTo("app");
      }
      for (Http2Wire client : clients) {
        client.close();
      }
      await().until(() -> proxy.server().underWayBytes() == 0);
    }
  }

  @Test
  void requestsOfAllKindsAreCountedUntilTheirEnd() throws Exception {
    try (Origin app = Origin.named("app");
        Origin never = Origin.scripted(connection -> connection.awaitEnd());
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", app).route("never.test", never))) {
      try (Wire plain = proxy.connect();
          Wire refused = proxy.connect();
          Wire left = proxy.connect();
          Http2Wire http2 = new Http2Wire(proxy, "a.test")) {
        plain.get("a.test", "/").read();
        plain.get("nobody.test", "/").read();
        refused.send("GET /\r\n\r\n").awaitEnd();
        http2.get("/").body();
        http2.ask("GET", "/", true, ":scheme", "twice").isAnswered();
        assertThat(proxy.server().underWayBytes()).isZero();

        left.get("never.test", "/");
        await().until(() -> proxy.server().underWayBytes() > 3000);
        Http2Wire.Exchange reset = http2.post("/");
        await().until(() -> proxy.server().underWayBytes() > 6000);
        reset.reset();
        left.reset();
        await().until(() -> proxy.server().underWayBytes() == 0);
      }
    }
  }
}
