package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Origin;
import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who does not read stops who sends, and nobody else: with apps that speak HTTP/2. */
class Http2AppsFlowTest {

  private static final int PIECE = 16_000;

  @Test
  void largeBodiesGoThroughBothWaysWhole() throws Exception {
    long size = 30_000_000;
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  await().until(() -> stream.receivedBytes() == size);
                  stream.head(200, false);
                  for (long sent = 0; sent < size; sent += PIECE) {
                    await().pollInterval(Duration.ofMillis(1)).until(stream::isWritable);
                    stream.data(new byte[PIECE], sent + PIECE >= size);
                  }
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Wire client = proxy.connect()) {
      client.head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: " + size);
      for (long sent = 0; sent < size; sent += 1_000_000) {
        client.send(new byte[1_000_000]);
      }

      assertThat(client.readHead().status()).isEqualTo(200);
      // In chunks: some bytes more.
      assertThat(client.skip(size)).isEqualTo(size);
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().requestBytes()).isEqualTo(size);
      assertThat(proxy.log().getFirst().responseBytes()).isEqualTo(size);
    }
  }

  @Test
  void aClientThatDoesNotReadStopsItsOwnAnswerOnly() throws Exception {
    AtomicLong sent = new AtomicLong();
    CountDownLatch done = new CountDownLatch(1);
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  if (stream.field(":path").equals("/other")) {
                    stream.answer("x".repeat(300_000));
                    return;
                  }
                  stream.head(200, false);
                  while (done.getCount() > 0) {
                    if (stream.isWritable()) {
                      stream.data(new byte[PIECE], false);
                      sent.addAndGet(PIECE);
                    } else {
                      done.await(1, TimeUnit.MILLISECONDS);
                    }
                  }
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      List<Http2Wire.Exchange> stuck = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Http2Wire.Exchange call = client.get("/stuck");
        assertThat(call.status()).isEqualTo(200);
        call.read(false);
        stuck.add(call);
      }
      awaitStill(sent);

      // Each event loop has its own connection to the app: one visitor for each of them, and more.
      for (int i = 0; i < 4; i++) {
        try (Http2Wire visitor = new Http2Wire(proxy, "a.test")) {
          assertThat(visitor.get("/other").body()).hasSize(300_000);
        }
      }
      assertThat(sent.get()).isLessThan(40 * 2_000_000L);
      done.countDown();
      // Netty's own codec keeps what nobody reads.
      stuck.forEach(call -> call.read(true));
    }
  }

  @Test
  void anAppThatDoesNotReadStopsTheUpload() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  stream.read(false);
                  done.await();
                  // Netty's own codec keeps what nobody reads.
                  stream.read(true);
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Wire client = proxy.connect()) {
      long limit = 200_000_000;
      client.head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: " + limit);

      assertThat(client.sendUntilBlocked(limit)).isLessThan(20_000_000);
      done.countDown();
      client.reset();
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
    }
  }

  private static void awaitStill(AtomicLong count) {
    long[] before = {-1};
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              boolean still = before[0] == count.get();
              before[0] = count.get();
              return still;
            });
  }
}
