package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Uploads by HTTP/2 that an app does not take. */
class Http2UploadsTest {

  /** Bytes of an upload that nobody takes. */
  private static final long OFFERED = 64L * 1024 * 1024;

  @Test
  void aStalledUploadDoesNotStopTheOthersOfItsConnection() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message head = connection.readHead();
                  if (head.target().equals("/stalled")) {
                    goOn.await();
                    return;
                  }
                  connection.readBytes(Integer.parseInt(head.value("content-length")));
                  Origin.ok(connection, "taken");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange stalled = stalledUpload(client);
      String piece = "x".repeat(64 * 1024);
      Http2Wire.Exchange other =
          client.request(
              false,
              ":method",
              "POST",
              ":scheme",
              "https",
              ":authority",
              "a.test",
              ":path",
              "/other",
              "content-length",
              Integer.toString(piece.length()));
      other.send(piece, true);

      assertThat(other.body()).isEqualTo("taken");
      stalled.reset();
      goOn.countDown();
    }
  }

  /** What it has taken then is in the buffers of the systems, and in the proxy's window. */
  @Test
  void anAppThatDoesNotReadStopsTheClient() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  goOn.await();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange stalled = stalledUpload(client);

      assertThat(OFFERED - stalled.unsentBytes()).isLessThan(OFFERED / 2);
      assertThat(client.isOpen()).isTrue();
      stalled.reset();
      goOn.countDown();
    }
  }

  @Test
  void aConnectionThatIsLostWhileItsUploadIsStalledEndsTheExchange() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  goOn.await();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      try (Http2Wire client = new Http2Wire(proxy, "a.test")) {
        stalledUpload(client);
      }

      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      goOn.countDown();
    }
  }

  /** Sends until neither the app nor the proxy takes any more. */
  private static Http2Wire.Exchange stalledUpload(Http2Wire client) throws Exception {
    Http2Wire.Exchange stalled = client.post("/stalled");
    String piece = "x".repeat(64 * 1024);
    for (long sent = 0; sent < OFFERED; sent += piece.length()) {
      stalled.send(piece, false);
    }
    AtomicLong before = new AtomicLong();
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> stalled.unsentBytes() == before.getAndSet(stalled.unsentBytes()));
    assertThat(before.get()).isPositive();
    return stalled;
  }
}
