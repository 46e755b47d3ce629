package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One of two proxies is restarted while clients work, who go to the other when it refuses them. */
class RestartTest {

  private static final Duration DRAIN = Duration.ofSeconds(3);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int CLIENTS = 4;

  private final Queue<Object> lost = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();

  /** Asks once, by the proxy that it is given. */
  @FunctionalInterface
  private interface Visit {

    /**
     * @throws ConnectException when the proxy refused, and the other is to be asked
     */
    void to(ProxyFixture proxy) throws Exception;
  }

  @Test
  void noRequestIsLost() throws Exception {
    List<Visits> all = new ArrayList<>();
    try (Origin app = Origin.named("app");
        ProxyFixture old = proxy(app);
        ProxyFixture other = proxy(app);
        HttpClient http2 = ProxyFixture.client(HttpClient.Version.HTTP_2)) {
      for (int i = 0; i < CLIENTS; i++) {
        for (boolean tls : new boolean[] {false, true}) {
          all.add(new Visits(old, other, keptAlive(tls)));
          all.add(new Visits(old, other, proxy -> fresh(proxy, tls)));
        }
        all.add(new Visits(old, other, proxy -> byHttp2(http2, proxy)));
      }
      await().until(() -> all.stream().allMatch(visits -> visits.toOld.get() > 10));
      old.server().drain();
      old.server().close();
      await()
          .atMost(LIMIT)
          .until(
              () -> !lost.isEmpty() || all.stream().allMatch(visits -> visits.toOther.get() > 10));
      assertThat(lost).isEmpty();
    } finally {
      over.set(true);
      for (Visits visits : all) {
        visits.thread.join();
      }
    }
  }

  @Test
  void whoConnectsWhileThePortIsClosedIsServedOrRefused() throws Exception {
    AtomicInteger served = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = proxy(app)) {
      for (int i = 0; i < 4 * CLIENTS; i++) {
        clients.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      while (refused.get() < CLIENTS && lost.isEmpty()) {
                        try {
                          fresh(proxy, false);
                          served.incrementAndGet();
                        } catch (ConnectException closed) {
                          refused.incrementAndGet();
                        } catch (Exception e) {
                          lost.add(e);
                        }
                      }
                    }));
      }
      proxy.server().drain();
      for (Thread client : clients) {
        client.join();
      }
    }
    assertThat(lost).isEmpty();
    assertThat(served.get()).isPositive();
  }

  private static ProxyFixture proxy(Origin app) {
    return ProxyFixture.builder().drainTimeout(DRAIN).start(spec -> spec.route("a.test", app));
  }

  // ---- clients: a POST is sent again by nobody

  private static Wire connect(ProxyFixture proxy, boolean tls) throws IOException {
    return tls ? proxy.connectTls("a.test") : proxy.connect();
  }

  private static Message ask(Wire connection) throws IOException {
    Message answer =
        connection
            .head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 5")
            .send("hello")
            .read();
    assertThat(answer.body()).isEqualTo("app");
    return answer;
  }

  private static void fresh(ProxyFixture proxy, boolean tls) throws IOException {
    try (Wire connection = connect(proxy, tls)) {
      ask(connection);
    }
  }

  /** On one connection for as long as its proxy does not say that it is to be closed. */
  private static Visit keptAlive(boolean tls) {
    AtomicReference<@Nullable Wire> kept = new AtomicReference<>();
    return proxy -> {
      Wire before = kept.getAndSet(null);
      Wire connection = before == null ? connect(proxy, tls) : before;
      if (ask(connection).value("connection").equals("close")) {
        connection.close();
      } else {
        kept.set(connection);
      }
    };
  }

  private static void byHttp2(HttpClient client, ProxyFixture proxy) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(proxy.https("a.test", "/"))
                .POST(HttpRequest.BodyPublishers.ofString("hello"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(answer.body()).isEqualTo("app");
  }

  /** One client at work until all is over. */
  private final class Visits {

    private final ProxyFixture old;
    private final ProxyFixture other;
    private final Visit visit;
    private final AtomicInteger toOld = new AtomicInteger();
    private final AtomicInteger toOther = new AtomicInteger();
    private final Thread thread;
    private ProxyFixture now;

    Visits(ProxyFixture old, ProxyFixture other, Visit visit) {
      this.old = old;
      this.other = other;
      this.visit = visit;
      this.now = old;
      this.thread = Thread.ofVirtual().start(this::run);
    }

    private void run() {
      while (!over.get() && lost.isEmpty()) {
        try {
          visit.to(now);
          (now == old ? toOld : toOther).incrementAndGet();
        } catch (ConnectException refused) {
          now = other;
        } catch (Exception | AssertionError e) {
          lost.add(e);
        }
      }
    }
  }
}
