package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Origin;
import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Visitors share connections to apps of HTTP/2: what one does there harms no other. */
class SharedConnectionsTest {

  private static final Http2Origin.Script SLOW_OR_QUICK =
      stream -> {
        switch (stream.field(":path")) {
          case "/slow" -> {
            stream.head(200, false);
            stream.body();
            stream.data("whole", true);
          }
          case "/never" -> stream.awaitReset();
          default -> stream.answer("quick");
        }
      };

  /** Netty's own limit for servers: it ends a connection with more than 200 resets in 30 s. */
  @Test
  void manyWhoLeave() throws Exception {
    try (Http2Origin app = Http2Origin.plain(SLOW_OR_QUICK);
        ProxyFixture proxy = Http2AppsTest.routing(app)) {
      List<Http2Wire> visitors = new ArrayList<>();
      try {
        List<Http2Wire.Exchange> slow = new ArrayList<>();
        // Each event loop has connections of its own: there are visitors on all of them.
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
          Http2Wire visitor = new Http2Wire(proxy, "a.test");
          visitors.add(visitor);
          slow.add(visitor.post("/slow"));
          assertThat(slow.getLast().status()).isEqualTo(200);
        }
        for (Http2Wire visitor : visitors) {
          for (int i = 0; i < 150; i++) {
            visitor.get("/never").reset();
          }
          assertThat(visitor.get("/").body()).isEqualTo("quick");
        }

        for (Http2Wire.Exchange call : slow) {
          assertThat(call.send("done", true).body()).isEqualTo("whole");
        }
      } finally {
        visitors.forEach(Http2Wire::close);
      }
    }
  }

  /** Netty ends a connection with a head that is a quarter larger than it said that it reads. */
  @Test
  void oneWithALargeHead() throws Exception {
    try (Http2Origin app =
            Http2Origin.plain(
                Http2Settings.defaultSettings().maxHeaderListSize(8192), SLOW_OR_QUICK);
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire visitor = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange slow = visitor.post("/slow");
      assertThat(slow.status()).isEqualTo(200);
      Http2Wire.Exchange large =
          visitor.request(
              true,
              ":method",
              "GET",
              ":scheme",
              "https",
              ":authority",
              "a.test",
              ":path",
              "/",
              "cookie",
              "x".repeat(16_000));

      assertThat(large.status()).isEqualTo(431);
      assertThat(slow.send("done", true).body()).isEqualTo("whole");
      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void moreAtOnceThanANewConnectionTakes() throws Exception {
    CompletableFuture<Void> goOn = new CompletableFuture<>();
    try (Http2Origin app =
            Http2Origin.plain(
                Http2Settings.defaultSettings().maxConcurrentStreams(2),
                stream -> {
                  goOn.get(10, TimeUnit.SECONDS);
                  stream.answer("done");
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire visitor = new Http2Wire(proxy, "a.test")) {
      List<Http2Wire.Exchange> calls = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        calls.add(visitor.post("/"));
        calls.getLast().send("body", true);
      }
      goOn.complete(null);

      for (Http2Wire.Exchange call : calls) {
        assertThat(call.status()).isEqualTo(200);
      }
    }
  }

  /**
   * It has not died: that is its answer, and an app that is overloaded is not asked three times.
   */
  @Test
  void aResetIsNoReasonToAskAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  if (stream.field(":path").equals("/calm")) {
                    asked.incrementAndGet();
                    stream.reset(Http2Error.ENHANCE_YOUR_CALM);
                  } else {
                    stream.answer("fine");
                  }
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Wire visitor = proxy.connect()) {
      assertThat(visitor.get("a.test", "/").read().body()).isEqualTo("fine");
      assertThat(visitor.get("a.test", "/calm").read().status()).isEqualTo(502);

      assertThat(asked).hasValue(1);
      assertThat(visitor.get("a.test", "/").read().body()).isEqualTo("fine");
      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void whoWaitsForAConnectionThatEndsAtOnceIsToldSo() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readLine();
                  connection.close();
                });
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", Http2AppsTest.H2C, app.endpoint()));
        Http2Wire visitor = new Http2Wire(proxy, "a.test")) {
      List<Http2Wire.Exchange> calls = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        calls.add(visitor.post("/").send("body", true));
      }

      for (Http2Wire.Exchange call : calls) {
        assertThat(call.status()).isBetween(502, 503);
      }
    }
  }

  /** An app that takes no stream at all for a while has a connection made for each request. */
  @Test
  void connectionsThatNobodyNeedsAreNotKeptWithoutLimit() throws Exception {
    try (Http2Origin app =
            Http2Origin.plain(
                Http2Settings.defaultSettings().maxConcurrentStreams(0),
                stream -> stream.answer("never"));
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Wire visitor = proxy.connect()) {
      for (int i = 0; i < 20; i++) {
        assertThat(visitor.get("a.test", "/").read().status()).isEqualTo(502);
      }

      assertThat(app.connections()).isGreaterThan(20);
      await().untilAsserted(() -> assertThat(app.openConnections()).isLessThanOrEqualTo(8));
    }
  }
}
