package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.RetrySpec;
import dev.fairlead.proxy.testing.Http2Origin;
import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is tried again with apps that speak HTTP/2, and what never is. */
class Http2AppsRetryTest {

  private static final String POST = "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ";

  @Test
  void whatTheAppRefusesUnseenIsSentAgainWhateverItsMethod() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  if (asked.getAndIncrement() == 0) {
                    stream.reset(Http2Error.REFUSED_STREAM);
                  } else {
                    stream.answer("second");
                  }
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Wire client = proxy.connect()) {
      assertThat(client.send(POST + "0\r\n\r\n").read().body()).isEqualTo("second");
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().attempts()).isEqualTo(2);
      assertThat(proxy.log().getFirst().detail()).isNull();
    }
  }

  @Test
  void aSmallBodyIsSentAgain() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  String body = stream.body();
                  if (requests.incrementAndGet() < 3) {
                    stream.reset(Http2Error.REFUSED_STREAM);
                  } else {
                    stream.answer(body);
                  }
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Wire client = proxy.connect()) {
      assertThat(client.send(POST + "2\r\n\r\nhi").read().body()).isEqualTo("hi");
      assertThat(app.requests()).isEqualTo(3);
    }
  }

  @Test
  void aBodyThatIsGoneIsNotSentAgain() throws Exception {
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  stream.body();
                  stream.reset(Http2Error.REFUSED_STREAM);
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Wire client = proxy.connect()) {
      int length = RetrySpec.DEFAULT.bodyBytes() + 1;
      client.send(POST + length + "\r\n\r\n" + "b".repeat(length));
      assertThat(client.read().status()).isEqualTo(502);
      assertThat(app.requests()).isEqualTo(1);
    }
  }

  @Test
  void afterAGoawayWhatIsUnderWayEndsAndTheNextTakesAnotherConnection() throws Exception {
    CompletableFuture<Void> goOn = new CompletableFuture<>();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  if (stream.field(":path").equals("/slow")) {
                    stream.head(200, false);
                    goOn.get(10, TimeUnit.SECONDS);
                    stream.data("whole", true);
                  } else {
                    stream.answer("next");
                  }
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange slow = client.get("/slow");
      assertThat(slow.status()).isEqualTo(200);
      app.goAway();
      await()
          .untilAsserted(
              () -> {
                assertThat(client.get("/next").body()).isEqualTo("next");
                assertThat(app.connections()).isEqualTo(2);
              });
      goOn.complete(null);

      assertThat(slow.body()).isEqualTo("whole");
      // The old one is closed when its last answer has gone out.
      await().untilAsserted(() -> assertThat(app.openConnections()).isEqualTo(1));
    }
  }

  @Test
  void aConnectionThatDiesTakesItsUnansweredRequestsToAnother() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Http2Origin[] self = new Http2Origin[1];
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  if (stream.field(":path").equals("/die") && asked.getAndIncrement() == 0) {
                    self[0].cut();
                  } else {
                    stream.answer("alive");
                  }
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      self[0] = app;
      assertThat(client.get("/").body()).isEqualTo("alive");

      assertThat(client.get("/die").body()).isEqualTo("alive");
      assertThat(app.connections()).isEqualTo(2);
    }
  }

  @Test
  void onAnAppThatCannotBeReachedAllWhoWaitAreToldSo() throws Exception {
    Http2Origin gone = Http2Origin.plain(stream -> stream.answer("never"));
    gone.close();
    try (ProxyFixture proxy = Http2AppsTest.routing(gone);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange first = client.get("/");
      Http2Wire.Exchange second = client.get("/");

      assertThat(first.status()).isEqualTo(503);
      assertThat(second.status()).isEqualTo(503);
    }
  }

  @Test
  void connectionsToAnEndpointThatLeftAreClosedWhenTheirLastAnswerHasEnded() throws Exception {
    CompletableFuture<Void> goOn = new CompletableFuture<>();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  stream.head(200, false);
                  goOn.get(10, TimeUnit.SECONDS);
                  stream.data("whole", true);
                });
        Http2Origin other = Http2Origin.plain(stream -> stream.answer("other"));
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange slow = client.get("/");
      assertThat(slow.status()).isEqualTo(200);
      proxy.publish(spec -> spec.route("a.test", Http2AppsTest.H2C, other.endpoint()));
      assertThat(client.get("/").body()).isEqualTo("other");
      goOn.complete(null);

      assertThat(slow.body()).isEqualTo("whole");
      await().untilAsserted(() -> assertThat(app.openConnections()).isZero());
    }
  }
}
