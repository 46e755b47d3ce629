package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The end of a proxy: what is under way ends well. */
class DrainTest {

  @Test
  void whatIsUnderWayEndsAndWhatIsIdleIsClosed() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app = slow(asked, goOn);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire busy = proxy.connect();
        Wire idle = proxy.connectTls("a.test");
        Wire fresh = proxy.connect();
        Wire silent = proxy.connectBare()) {
      assertThat(idle.get("b.test", "/").read().status()).isEqualTo(421);
      busy.get("a.test", "/");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      await().until(() -> proxy.server().openConnections() == 4);

      CompletableFuture<Integer> drained = async(proxy.server()::drain);

      idle.awaitClose();
      fresh.awaitClose();
      silent.awaitClose();
      assertThatThrownBy(proxy::connect).isInstanceOf(ConnectException.class);
      goOn.countDown();
      Message answer = busy.read();
      assertThat(answer.body()).isEqualTo("late");
      assertThat(answer.value("connection")).isEqualTo("close");
      busy.awaitClose();
      assertThat(drained.get(10, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void aRequestThatHasBegunToArriveIsAnswered() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {});
        Wire client = proxy.connect()) {
      client.get("a.test", "/").read();
      client.send("GET / HTTP/1.1\r\n");
      await().pollDelay(Duration.ofMillis(200)).until(() -> proxy.server().openConnections() == 1);

      CompletableFuture<Integer> drained = async(proxy.server()::drain);
      assertThat(client.isSilent(Duration.ofMillis(200))).isTrue();
      client.send("Host: a.test\r\n\r\n");

      assertThat(client.read().value("connection")).isEqualTo("close");
      client.awaitClose();
      assertThat(drained.get(10, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void anHttp2ConnectionSaysGoAwayAndEndsWithItsLastStream() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app = slow(asked, goOn);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.get("/");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

      CompletableFuture<Integer> drained = async(proxy.server()::drain);

      client.goAway().get(10, TimeUnit.SECONDS);
      goOn.countDown();
      assertThat(exchange.body()).isEqualTo("late");
      await().until(() -> !client.isOpen());
      assertThat(drained.get(10, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void whatDoesNotEndIsCut() throws Exception {
    CountDownLatch asked = new CountDownLatch(2);
    CountDownLatch never = new CountDownLatch(1);
    try (Origin app = slow(asked, never);
        ProxyFixture proxy =
            ProxyFixture.builder()
                .drainTimeout(Duration.ofMillis(300))
                .start(spec -> spec.route("a.test", app));
        Wire client = proxy.connect();
        Http2Wire http2 = new Http2Wire(proxy, "a.test")) {
      client.get("a.test", "/");
      http2.get("/");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

      assertThat(async(proxy.server()::drain).get(10, TimeUnit.SECONDS)).isBetween(1, 2);
      client.awaitClose();
      await().until(() -> !http2.isOpen());
      never.countDown();
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

  private static CompletableFuture<Integer> async(Callable<Integer> drain) {
    CompletableFuture<Integer> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(drain.call());
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }
}
