package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Origin;
import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.ProxyFixture;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What gRPC makes of HTTP/2, by <a
 * href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">its own description</a>.
 */
class GrpcCallsTest {

  private static final int PIECE = 16_000;

  @Test
  void aDeadlineGoesToTheAppAsItWasSaidAndItsEndAsAReset() throws Exception {
    CompletableFuture<Http2Headers> asked = new CompletableFuture<>();
    CompletableFuture<Long> reset = new CompletableFuture<>();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  asked.complete(stream.head());
                  reset.complete(stream.awaitReset());
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange call = call(client, false, "grpc-timeout", "100m");
      call.send("message", true);
      assertThat(asked.get(10, TimeUnit.SECONDS).get("grpc-timeout")).hasToString("100m");
      // Before any answer: the client's clock has run out.
      call.reset();

      assertThat(reset.get(10, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL.code());
      assertThat(app.openConnections()).isEqualTo(1);
    }
  }

  @Test
  void metadataGoesBothWaysAsItWasSaid() throws Exception {
    CompletableFuture<Http2Headers> asked = new CompletableFuture<>();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  asked.complete(stream.head());
                  stream.head(
                      200,
                      false,
                      "content-type",
                      "application/grpc+proto",
                      "x-own-bin",
                      "q6ur",
                      "x-own-bin",
                      "AAA",
                      "grpc-encoding",
                      "identity");
                  stream.body();
                  stream.trailers("x-trace-bin", "/+7/7g");
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange call =
          call(client, false, "x-some-bin", "AAEC", "x-some-bin", "/w", "x-text", "a, b");
      call.send("message", true);

      // The second of the same name is not joined with the first: they may be of any bytes.
      assertThat(call.head().getAll("x-own-bin"))
          .extracting(CharSequence::toString)
          .containsExactly("q6ur", "AAA");
      assertThat(call.head().get("content-type")).hasToString("application/grpc+proto");
      assertThat(call.head().get("grpc-encoding")).hasToString("identity");
      assertThat(Objects.requireNonNull(call.trailers()).get("x-trace-bin")).hasToString("/+7/7g");
      Http2Headers head = asked.get(10, TimeUnit.SECONDS);
      assertThat(head.getAll("x-some-bin"))
          .extracting(CharSequence::toString)
          .containsExactly("AAEC", "/w");
      assertThat(head.get("x-text")).hasToString("a, b");
      assertThat(head.get("te")).hasToString("trailers");
      assertThat(head.get("content-type")).hasToString("application/grpc");
      assertThat(head.contains("content-length")).isFalse();
    }
  }

  @Test
  void aStatusWithTextIsNotTouched() throws Exception {
    String text = "%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA";
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  if (stream.field(":path").endsWith("Only")) {
                    stream.head(200, true, "grpc-status", "2", "grpc-message", text);
                  } else {
                    stream.head(200, false).data("m", false);
                    stream.trailers("grpc-message", text);
                  }
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange only = client.post("/x.Y/TrailersOnly").send("m", false);
      Http2Wire.Exchange usual = client.post("/x.Y/Usual").send("m", true);

      assertThat(only.head().get("grpc-message")).hasToString(text);
      assertThat(only.trailers()).isNull();
      assertThat(Objects.requireNonNull(usual.trailers()).get("grpc-message")).hasToString(text);
    }
  }

  /** What the codes say to a client of gRPC: cancelled, exhausted, and for all else internal. */
  @Test
  void aResetOfTheAppSaysWhatItMeansToTheClient() throws Exception {
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  stream.head(200, false).data("m", false);
                  await().until(() -> stream.receivedBytes() == 1);
                  stream.reset(Http2Error.valueOf(stream.field(":path").substring(1)));
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      assertReset(client, Http2Error.CANCEL, Http2Error.CANCEL);
      assertReset(client, Http2Error.ENHANCE_YOUR_CALM, Http2Error.ENHANCE_YOUR_CALM);
      assertReset(client, Http2Error.NO_ERROR, Http2Error.INTERNAL_ERROR);
      assertReset(client, Http2Error.INTERNAL_ERROR, Http2Error.INTERNAL_ERROR);
      // It has begun: the client must not take it for unprocessed.
      assertReset(client, Http2Error.REFUSED_STREAM, Http2Error.INTERNAL_ERROR);
      // It is about the proxy's own connection.
      assertReset(client, Http2Error.FLOW_CONTROL_ERROR, Http2Error.INTERNAL_ERROR);
    }
  }

  private static void assertReset(Http2Wire client, Http2Error of, Http2Error seen)
      throws Exception {
    Http2Wire.Exchange call = client.post("/" + of.name());
    assertThat(call.status()).isEqualTo(200);
    call.send("x", false);
    assertThatThrownBy(call::body).hasMessageContaining(seen.name());
  }

  /**
   * Both at once, as the messages of a stream in both directions, and each several windows long.
   */
  @Test
  void largeMessagesGoBothWaysAtTheSameTime() throws Exception {
    int size = 200 * PIECE;
    try (Http2Origin app =
            Http2Origin.plain(
                Http2Settings.defaultSettings().initialWindowSize(1000),
                stream -> {
                  stream.head(200, false);
                  for (int sent = 0; sent < size; sent += PIECE) {
                    await().pollInterval(Duration.ofMillis(1)).until(stream::isWritable);
                    stream.data(new byte[PIECE], false);
                  }
                  await().until(() -> stream.receivedBytes() == size);
                  stream.trailers("grpc-status", "0");
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange call = client.post("/x.Y/Chat").forget();
      String piece = "x".repeat(PIECE);
      for (int sent = 0; sent < size; sent += PIECE) {
        call.send(piece, sent + PIECE == size);
      }

      assertThat(String.valueOf(call.trailers())).contains("grpc-status: 0");
      assertThat(call.received()).isEqualTo(size);
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().requestBytes()).isEqualTo(size);
      assertThat(proxy.log().getFirst().responseBytes()).isEqualTo(size);
    }
  }

  /** An app that has said its last word need not hear the client's: both sides are told. */
  @Test
  void aStatusBeforeTheClientsLastMessageEndsBothSides() throws Exception {
    CompletableFuture<Long> reset = new CompletableFuture<>();
    try (Http2Origin app =
            Http2Origin.plain(
                stream -> {
                  await().until(() -> stream.receivedBytes() > 0);
                  stream.head(200, true, "grpc-status", "9");
                  reset.complete(stream.awaitReset());
                });
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange call = client.post("/x.Y/Upload").send("first of many", false);

      assertThat(call.head().get("grpc-status")).hasToString("9");
      assertThat(reset.get(10, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL.code());
    }
  }

  private static Http2Wire.Exchange call(Http2Wire client, boolean end, String... metadata)
      throws Exception {
    String[] usual = {
      ":method",
      "POST",
      ":scheme",
      "https",
      ":authority",
      "a.test",
      ":path",
      "/x.Y/Z",
      "te",
      "trailers",
      "content-type",
      "application/grpc"
    };
    String[] all = new String[usual.length + metadata.length];
    System.arraycopy(usual, 0, all, 0, usual.length);
    System.arraycopy(metadata, 0, all, usual.length, metadata.length);
    return client.request(end, all);
  }
}
