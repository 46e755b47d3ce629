package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of any size pass in bounded memory: who is slow slows down the other side. */
class BackPressureTest {

  private static final long LARGE = 100_000_000;

  /** Far more than the system's socket buffers and the proxy take. */
  private static final long ENDLESS = 1_000_000_000;

  /** What the proxy may hold for one exchange, generously. */
  private static final long MEMORY = 24_000_000;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLargeAnswerArrivesWhole(boolean tls) throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.head("HTTP/1.1 200 OK", "Content-Length: " + LARGE);
                  send(connection, LARGE);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = tls ? proxy.connectTls("a.test") : proxy.connect()) {
      long before = netty();
      client.get("a.test", "/").readHead();
      client.skip(LARGE / 2);
      assertThat(netty() - before).isLessThan(MEMORY);

      assertThat(client.skip(LARGE - LARGE / 2)).isEqualTo(LARGE - LARGE / 2);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLargeUploadArrivesWhole(boolean tls) throws Exception {
    try (Origin app = uploadCounter();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = tls ? proxy.connectTls("a.test") : proxy.connect()) {
      client.head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: " + LARGE);
      send(client, LARGE);

      assertThat(client.read().body()).isEqualTo(Long.toString(LARGE));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatDoesNotReadStopsTheApp(boolean tls) throws Exception {
    CompletableFuture<Long> written = new CompletableFuture<>();
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.head("HTTP/1.1 200 OK", "Content-Length: " + ENDLESS);
                  written.complete(connection.sendUntilBlocked(ENDLESS));
                  connection.awaitClose();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = tls ? proxy.connectTls("a.test") : proxy.connect()) {
      long before = netty();
      client.get("a.test", "/").readHead();

      assertThat(written.get(30, TimeUnit.SECONDS)).isLessThan(ENDLESS / 4);
      assertThat(netty() - before).isLessThan(MEMORY);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAppThatDoesNotReadStopsTheClient(boolean tls) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  done.await();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = tls ? proxy.connectTls("a.test") : proxy.connect()) {
      long before = netty();
      client.head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: " + ENDLESS);

      assertThat(client.sendUntilBlocked(ENDLESS)).isLessThan(ENDLESS / 4);
      assertThat(netty() - before).isLessThan(MEMORY);
      done.countDown();
    }
  }

  @Test
  void aStreamOfHttp2ThatIsNotReadStopsTheAppAndNoOtherStream() throws Exception {
    CompletableFuture<Long> written = new CompletableFuture<>();
    try (Origin app =
            Origin.scripted(
                connection -> {
                  if (connection.read().target().equals("/fast")) {
                    Origin.ok(connection, "fast");
                    return;
                  }
                  connection.head("HTTP/1.1 200 OK", "Content-Length: " + ENDLESS);
                  written.complete(connection.sendUntilBlocked(ENDLESS));
                  connection.awaitClose();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      long before = netty();
      Http2Wire.Exchange slow = client.get("/slow").forget();
      slow.read(false);

      assertThat(written.get(30, TimeUnit.SECONDS)).isLessThan(ENDLESS / 4);
      assertThat(netty() - before).isLessThan(MEMORY);
      slow.read(true);
      await().until(() -> slow.received() > 1_000_000);
      assertThat(client.get("/fast").body()).isEqualTo("fast");
    }
  }

  @Test
  void anAnswerThatEndedWaitsForASlowReader() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    long size = 30_000_000;
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.0 200 OK\r\n\r\n");
                  send(connection, size);
                  connection.close();
                  closed.countDown();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.0", "Host: a.test").readHead();
      assertThat(client.isSilent(Duration.ofMillis(300))).isFalse();

      assertThat(client.skip(Long.MAX_VALUE)).isEqualTo(size);
      assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Origin uploadCounter() {
    return Origin.scripted(
        connection -> {
          Message head = connection.readHead();
          long size = Long.parseLong(head.value("content-length"));
          Origin.ok(connection, Long.toString(connection.skip(size)));
        });
  }

  private static void send(Wire connection, long size) throws IOException {
    byte[] piece = new byte[100_000];
    for (long sent = 0; sent < size; sent += piece.length) {
      connection.send(piece);
    }
  }

  @Test
  void whoAsksWithoutTakingTheAnswersGetsNoMoreOfThem() throws Exception {
    byte[] requests =
        "GET / HTTP/1.1\r\nHost: unknown.test\r\n\r\n"
            .repeat(1_000)
            .getBytes(StandardCharsets.US_ASCII);
    long limit = 60_000_000;
    try (ProxyFixture proxy =
            ProxyFixture.builder()
                .limits(limits -> limits.requestsPerConnection(Integer.MAX_VALUE))
                .start(spec -> {});
        Wire client = proxy.connect()) {
      long before = netty();
      assertThat(client.sendUntilBlocked(requests, limit)).isLessThan(limit);
      assertThat(netty() - before).isLessThan(MEMORY);

      for (int i = 0; i < 5_000; i++) {
        assertThat(client.read().status()).isEqualTo(404);
      }
    }
  }

  /** Bytes that are taken from Netty's allocator. */
  private static long netty() {
    var metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }
}
