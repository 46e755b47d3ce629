package dev.fairlead.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.testing.TestLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Header blocks to requests (RFC 9113 §8). */
class RequestHeadsTest {

  @Test
  void aHeadBecomesARequest() {
    try (Peer peer = Peer.open()) {
      peer.head(
          1,
          true,
          ":method",
          "PURGE",
          ":scheme",
          "https",
          ":authority",
          "A.test:1",
          ":path",
          "/x?y",
          "cookie",
          "a=1",
          "te",
          "trailers",
          "cookie",
          "b=2",
          "x",
          "");
      RawRequest request = Objects.requireNonNull(peer.app(0).request);

      assertThat(request.method()).isEqualTo("PURGE");
      assertThat(request.target()).isEqualTo("/x?y");
      assertThat(request.authority()).isEqualTo("A.test:1");
      assertThat(request.bodyFollows()).isFalse();
      assertThat(request.headers().size()).isEqualTo(3);
      assertThat(request.headers().get("cookie")).isEqualTo("a=1; b=2");
      assertThat(request.headers().get("te")).isEqualTo("trailers");
      assertThat(request.headers().get("x")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"'',b=2,b=2", "a=1,'',a=1", "'','',''"})
  void anEmptyPieceOfACookieSaysNothing(String first, String second, String whole) {
    try (Peer peer = Peer.open()) {
      peer.head(
          1,
          true,
          ":method",
          "GET",
          ":path",
          "/",
          ":scheme",
          "https",
          ":authority",
          "a.test",
          "cookie",
          first,
          "cookie",
          second);
      RawRequest request = Objects.requireNonNull(peer.app(0).request);

      assertThat(request.headers().count("cookie")).isEqualTo(1);
      assertThat(request.headers().get("cookie")).isEqualTo(whole);
    }
  }

  @Test
  void theHostMayBeInItsFieldOnly() {
    try (Peer peer = Peer.open()) {
      peer.head(1, true, ":method", "GET", ":path", "/", ":scheme", "https", "host", "a.test");

      assertThat(Objects.requireNonNull(peer.app(0).request).authority()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Each is a whole head but for one thing; ";" ends a field, "=" its name.
        ":scheme=https;:path=/",
        ":method=GET;:path=/",
        ":method=GET;:scheme=https",
        ":method=GET;:scheme=https;:path=",
        ":method=GET;:scheme=;:path=/",
        ":method=GET;:method=GET;:scheme=https;:path=/",
        ":method=GET;:scheme=https;:scheme=https;:path=/",
        ":method=GET;:scheme=https;:path=/;:path=/",
        ":method=GET;:scheme=https;:path=/;:authority=a;:authority=a",
        ":method=GET;:scheme=https;x=1;:path=/",
        ":method=GET;:scheme=https;:path=/;:status=200",
        ":method=GET;:scheme=https;:path=/;:authority=a;:protocol=websocket",
        ":method=CONNECT;:scheme=https;:path=/;:protocol=websocket",
        ":method=CONNECT;:scheme=https;:authority=a;:protocol=websocket",
        ":method=CONNECT;:path=/;:authority=a;:protocol=websocket",
        ":method=CONNECT;:scheme=https;:path=/;:authority=a;:protocol=",
        ":method=CONNECT;:scheme=https;:path=/;:authority=a;:protocol=a;:protocol=a",
        ":method=CONNECT;:scheme=https;:path=/;:authority=a",
        ":method=CONNECT",
        ":method=GET;:scheme=https;:path=/;:=1",
        ":method=GET;:scheme=https;:path=/;=1",
        ":method=GET;:scheme=https;:path=/;X=1",
        ":method=GET;:scheme=https;:path=/;x y=1",
        ":method=GET;:scheme=https;:path=/;x:y=1",
        ":method=GET;:scheme=https;:path=/;x\u00e4=1",
        ":method=GET;:scheme=https;:path=/;x= 1",
        ":method=GET;:scheme=https;:path=/;x=1\t",
        ":method=GET;:scheme=https;:path=/;x=1\r\ny: 2",
        ":method=GET;:scheme=https;:path=/;x=1\u00002",
        ":method=GET;:scheme=https;:path=/\n",
        ":method=GET;:scheme=https;:path=/;connection=close",
        ":method=GET;:scheme=https;:path=/;keep-alive=1",
        ":method=GET;:scheme=https;:path=/;proxy-connection=close",
        ":method=GET;:scheme=https;:path=/;transfer-encoding=chunked",
        ":method=GET;:scheme=https;:path=/;upgrade=websocket",
        ":method=GET;:scheme=https;:path=/;te=gzip",
        ":method=GET;:scheme=https;:path=/;te=trailers, gzip",
      })
  void aMalformedHeadIsResetAndTheNextIsRead(String fields) {
    try (Peer peer = Peer.open()) {
      peer.head(1, true, split(fields));
      assertThat(peer.apps()).isEmpty();
      assertThat(peer.frames())
          .singleElement()
          .matches(f -> f.isReset(1, ErrorCode.PROTOCOL_ERROR));

      peer.get(3);
      assertThat(peer.apps()).hasSize(1);
    }
  }

  @Test
  void aConnectIsForTheRulesToRefuse() {
    try (Peer peer = Peer.open()) {
      peer.head(1, true, ":method", "CONNECT", ":authority", "a.test:443");

      assertThat(Objects.requireNonNull(peer.app(0).request).method()).isEqualTo("CONNECT");
    }
  }

  @Test
  void aConnectMayNameAProtocol() {
    try (Peer peer = Peer.open()) {
      peer.head(
          1,
          false,
          ":method",
          "CONNECT",
          ":protocol",
          "websocket",
          ":scheme",
          "https",
          ":authority",
          "a.test",
          ":path",
          "/chat");
      RawRequest request = Objects.requireNonNull(peer.app(0).request);

      assertThat(request.method()).isEqualTo("CONNECT");
      assertThat(request.protocol()).isEqualTo("websocket");
      assertThat(request.target()).isEqualTo("/chat");
    }
  }

  @Test
  void aHeadThatIsTooLargeIsAnsweredAndTheNextIsRead() throws Exception {
    try (Peer peer = Peer.open()) {
      byte[] block =
          peer.block(
              1,
              ":method",
              "GET",
              ":scheme",
              "https",
              ":authority",
              "a.test",
              ":path",
              "/",
              "x",
              "\u00ff".repeat(33_000));
      sendInPieces(peer, 1, block, 16_000);
      assertThat(peer.app(0).failure).isEqualTo(Failure.HEADERS_TOO_LARGE);
      assertThat(peer.fields(peer.frames().getFirst()).status()).hasToString("431");

      peer.get(3);
      assertThat(Objects.requireNonNull(peer.app(1).request).target()).isEqualTo("/");
    }
  }

  @Test
  void aTargetThatIsTooLongIsAnswered() {
    try (Peer peer = Peer.open()) {
      String path = "/" + "x".repeat(8192);
      peer.head(1, true, ":method", "GET", ":scheme", "https", ":authority", "a", ":path", path);

      assertThat(peer.app(0).failure).isEqualTo(Failure.URI_TOO_LONG);
    }
  }

  @Test
  void aTargetThatIsTooLongIsSoHoweverLargeTheHeadIs() {
    try (Peer peer = Peer.open(new TestLimits().uriLength(1000).headerBytes(2000).settings())) {
      String allowed = "/" + "x".repeat(999);
      for (String path : List.of(allowed, allowed + "x", "/" + "\u00ff".repeat(1999))) {
        peer.head(peer.nextStream(1), true, ":method", "GET", ":scheme", "https", ":path", path);
      }

      assertThat(peer.apps())
          .extracting(app -> app.failure)
          .containsExactly(null, Failure.URI_TOO_LONG, Failure.URI_TOO_LONG);
    }
  }

  @Test
  void soManyFieldsAndNoMoreAreRead() {
    try (Peer peer = Peer.open(new TestLimits().headerCount(20).settings())) {
      for (int count : new int[] {20, 21}) {
        List<String> fields = new ArrayList<>(List.of(":method", "GET", ":scheme", "https"));
        fields.addAll(List.of(":path", "/", ":authority", "a.test"));
        for (int i = 0; i < count; i++) {
          fields.addAll(List.of("x" + i, ""));
        }
        peer.head(peer.nextStream(1), true, fields.toArray(String[]::new));
      }

      assertThat(peer.apps())
          .extracting(app -> app.failure)
          .containsExactly(null, Failure.HEADERS_TOO_LARGE);
    }
  }

  @Test
  void theCrumbsOfACookieAreOneField() {
    try (Peer peer = Peer.open(new TestLimits().headerCount(2).settings())) {
      List<String> fields = new ArrayList<>(List.of(":method", "GET", ":scheme", "https"));
      fields.addAll(List.of(":path", "/", ":authority", "a.test", "x", "y"));
      for (int i = 0; i < 50; i++) {
        fields.addAll(List.of("cookie", "c" + i + "=1"));
      }
      peer.head(1, true, fields.toArray(String[]::new));

      assertThat(Objects.requireNonNull(peer.app(0).request).headers().get("cookie"))
          .startsWith("c0=1; c1=1; ")
          .endsWith("; c49=1");
    }
  }

  @Test
  void aHeadMayComeInSeveralFrames() {
    try (Peer peer = Peer.open()) {
      byte[] block =
          peer.block(1, ":method", "GET", ":scheme", "https", ":authority", "a.test", ":path", "/");
      sendInPieces(peer, 1, block, 8);

      assertThat(peer.apps()).hasSize(1);
    }
  }

  static void sendInPieces(Peer peer, int stream, byte[] block, int size) {
    for (int at = 0; at < block.length; at += size) {
      boolean last = at + size >= block.length;
      byte[] piece = java.util.Arrays.copyOfRange(block, at, Math.min(block.length, at + size));
      int flags = last ? Frames.END_HEADERS : 0;
      if (at == 0) {
        peer.frame(Frames.HEADERS, flags | Frames.END_STREAM, stream, piece);
      } else {
        peer.frame(Frames.CONTINUATION, flags, stream, piece);
      }
    }
  }

  private static String[] split(String fields) {
    String[] lines = fields.split(";", -1);
    String[] parts = new String[lines.length * 2];
    for (int i = 0; i < lines.length; i++) {
      int equals = lines[i].indexOf('=');
      parts[2 * i] = lines[i].substring(0, equals);
      parts[2 * i + 1] = lines[i].substring(equals + 1);
    }
    return parts;
  }
}
