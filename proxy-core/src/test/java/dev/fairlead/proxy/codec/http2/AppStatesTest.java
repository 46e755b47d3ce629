package dev.fairlead.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.message.ResponseHead;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an app may answer in which state of a stream (RFC 9113 §5.1, §8.1): what breaks a rule ends
 * its own request, at once, and no other's.
 */
class AppStatesTest {

  @Test
  void headBodyAndTrailersReachTheExchange() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.ok(1, "x-own", "1").data(1, 10, false).head(1, true, "x-sum", "7");

      assertThat(call.status()).isEqualTo(200);
      assertThat(call.heads.getFirst().headers().get("x-own")).isEqualTo("1");
      assertThat(call.body.size()).isEqualTo(10);
      assertThat(call.isComplete()).isTrue();
      assertThat(Objects.requireNonNull(call.trailers).get("x-sum")).isEqualTo("7");
      assertThat(app.connection().streams()).isZero();
    }
  }

  @Test
  void aBodyBeforeItsHeadIsReset() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.data(1, 10, false);

      assertReset(app, call, ErrorCode.PROTOCOL_ERROR);
      assertThat(call.heads).isEmpty();
    }
  }

  @Test
  void aBodyBehindItsEndIsReset() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.post();
      app.ok(1).data(1, 10, true).data(1, 10, false);

      assertThat(app.frames(Frames.RST_STREAM))
          .singleElement()
          .matches(frame -> frame.isReset(1, ErrorCode.STREAM_CLOSED));
      assertThat(call.isComplete()).isTrue();
      assertThat(call.body.size()).isEqualTo(10);
    }
  }

  @Test
  void whatComesForAStreamThatIsNoMoreIsIgnored() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call ended = app.get();
      AppPeer.Call other = app.get();
      app.ok(1).data(1, 10, true).data(1, 10, false).head(1, true, "x", "y");
      app.windowUpdate(1, 100).reset(1, ErrorCode.NO_ERROR);

      assertThat(ended.isComplete()).isTrue();
      assertThat(app.ok(3).data(3, 1, true).ending()).isNull();
      assertThat(other.isComplete()).isTrue();
    }
  }

  @Test
  void framesForStreamsThatDidNotBeginEndTheConnection() {
    assertBroken(app -> app.ok(3));
    assertBroken(app -> app.ok(2));
    assertBroken(app -> app.data(5, 1, false));
    assertBroken(app -> app.reset(3, ErrorCode.CANCEL));
    assertBroken(app -> app.windowUpdate(3, 1));
    assertBroken(app -> app.head(0, false, ":status", "200"));
  }

  @Test
  void nobodyMayPushNorSayThatOthersMay() {
    assertBroken(app -> app.frame(Frames.PUSH_PROMISE, Frames.END_HEADERS, 1, new byte[4]));
    assertBroken(app -> app.settings(Frames.SETTINGS_ENABLE_PUSH, 2));
  }

  @Test
  void anAppThatDoesNotBeginWithSettingsSpeaksAnotherProtocol() {
    try (AppPeer app = AppPeer.silent()) {
      AppPeer.Call call = app.get();
      app.ok(1);

      assertThat(app.ending()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
      assertThat(call.isLost()).isTrue();
    }
  }

  @Test
  void aHeaderBlockThatIsInterruptedEndsTheConnection() {
    assertBroken(app -> app.frame(Frames.HEADERS, 0, 1, app.block(":status", "200")).ping());
    assertBroken(
        app ->
            app.frame(Frames.HEADERS, 0, 1, app.block(":status", "200"))
                .frame(Frames.CONTINUATION, Frames.END_HEADERS, 3, new byte[0]));
    assertBroken(app -> app.frame(Frames.CONTINUATION, Frames.END_HEADERS, 1, new byte[0]));
  }

  @Test
  void aHeadInPiecesIsOne() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.frame(Frames.HEADERS, Frames.END_STREAM, 1, app.block(":status", "200"))
          .frame(Frames.CONTINUATION, 0, 1, app.block("a", "1"))
          .frame(Frames.CONTINUATION, Frames.END_HEADERS, 1, app.block("b", "2"));

      assertThat(call.isComplete()).isTrue();
      assertThat(call.heads.getFirst().headers().get("b")).isEqualTo("2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "20", "099", "1e2", "-20", "+20", " 20", "2000", "20\u00b2"})
  void aStatusThatIsNoneIsReset(String status) {
    assertMalformed(":status", status);
  }

  @Test
  void fieldsThatCannotStandInAHeadAreReset() {
    assertMalformed("x-no", "status");
    assertMalformed(":status", "200", ":status", "200");
    assertMalformed("x", "y", ":status", "200");
    assertMalformed(":status", "200", ":path", "/");
    assertMalformed(":status", "200", ":unknown", "1");
    assertMalformed(":status", "200", "X-Upper", "1");
    assertMalformed(":status", "200", "", "1");
    assertMalformed(":status", "200", "x y", "1");
    assertMalformed(":status", "200", "x:", "1");
    assertMalformed(":status", "200", "x", "1\r\nset-cookie: a=b");
    assertMalformed(":status", "200", "x", "1\nb");
    assertMalformed(":status", "200", "x", "a\0b");
    assertMalformed(":status", "200", "x", " 1");
    assertMalformed(":status", "200", "x", "1\t");
    assertMalformed(":status", "200", "connection", "close");
    assertMalformed(":status", "200", "keep-alive", "1");
    assertMalformed(":status", "200", "proxy-connection", "close");
    assertMalformed(":status", "200", "transfer-encoding", "chunked");
    assertMalformed(":status", "200", "upgrade", "h2c");
  }

  @Test
  void aHeadThatIsLargerThanIsReadIsReset() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      // Shorter than that on the wire: HPACK takes five bits for an a.
      byte[] block = app.block(":status", "200", "x", "a".repeat(64 * 1024));
      app.frame(Frames.HEADERS, 0, 1, Arrays.copyOf(block, Frames.MAX_PAYLOAD));
      for (int at = Frames.MAX_PAYLOAD; at < block.length; at += Frames.MAX_PAYLOAD) {
        int end = Math.min(block.length, at + Frames.MAX_PAYLOAD);
        app.frame(
            Frames.CONTINUATION,
            end == block.length ? Frames.END_HEADERS : 0,
            1,
            Arrays.copyOfRange(block, at, end));
      }

      assertReset(app, call, ErrorCode.PROTOCOL_ERROR);
      assertThat(call.heads).isEmpty();
    }
  }

  @Test
  void aLengthThatIsNoneIsReset() {
    assertMalformed(":status", "200", "content-length", "");
    assertMalformed(":status", "200", "content-length", "-1");
    assertMalformed(":status", "200", "content-length", "+1");
    assertMalformed(":status", "200", "content-length", "0x1");
    assertMalformed(":status", "200", "content-length", "5, 5");
    assertMalformed(":status", "200", "content-length", "9".repeat(19));
    assertMalformed(":status", "200", "content-length", "5", "content-length", "5");
    assertMalformed(":status", "200", "content-length", "5", "content-length", "6");
  }

  @Test
  void trailersThatAreMalformedOrDoNotEndTheStreamAreReset() {
    assertBadTrailers(true, ":status", "200");
    assertBadTrailers(true, "upgrade", "h2c");
    assertBadTrailers(true, "X-Upper", "1");
    assertBadTrailers(false, "x", "1");
  }

  @Test
  void moreOrLessBodyThanItsLengthIsReset() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call more = app.get();
      app.ok(1, "content-length", "10").data(1, 11, false);
      assertReset(app, more, ErrorCode.PROTOCOL_ERROR);
      AppPeer.Call less = app.get();
      app.ok(3, "content-length", "10").data(3, 9, true);
      assertThat(less.isLost()).isTrue();
      AppPeer.Call trailers = app.get();
      app.ok(5, "content-length", "10").data(5, 9, false).head(5, true, "x", "y");
      assertThat(trailers.isLost()).isTrue();
      AppPeer.Call right = app.get();
      app.ok(7, "content-length", "10").data(7, 4, false).data(7, 6, true);

      assertThat(right.isComplete()).isTrue();
      assertThat(app.connection().streams()).isZero();
    }
  }

  /** Before its head was passed on: then the client can still be told. */
  @Test
  void aHeadThatEndsTheStreamButSpeaksOfABodyIsReset() {
    assertMalformed(":status", "200", "content-length", "10");
  }

  @Test
  void answersThatHaveNoBodyMaySayHowLongItWouldBe() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call head = app.send("HEAD", 0);
      app.head(1, true, ":status", "200", "content-length", "10");
      AppPeer.Call same = app.get();
      app.head(3, true, ":status", "304", "content-length", "10");
      AppPeer.Call none = app.get();
      app.head(5, true, ":status", "204", "content-length", "10");

      assertThat(List.of(head, same, none)).allMatch(AppPeer.Call::isComplete);
      assertThat(head.heads.getFirst().headers().get("content-length")).isEqualTo("10");
      assertThat(same.heads.getFirst().headers().get("content-length")).isEqualTo("10");
      // Of no meaning there, and a client of HTTP/1 may wait for it.
      assertThat(none.heads.getFirst().headers().get("content-length")).isNull();
    }
  }

  @Test
  void answersThatHaveNoBodyAndYetOneAreReset() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call head = app.send("HEAD", 0);
      app.head(1, false, ":status", "200", "content-length", "1").data(1, 1, true);
      assertReset(app, head, ErrorCode.PROTOCOL_ERROR);
      for (String status : List.of("204", "304")) {
        AppPeer.Call call = app.get();
        int stream = 2 * List.of("204", "304").indexOf(status) + 3;
        app.head(stream, false, ":status", status).data(stream, 1, true);
        assertThat(call.isLost()).isTrue();
        assertThat(call.body.size()).isZero();
      }
    }
  }

  @Test
  void informationalHeadsComeBeforeTheFinalOne() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.head(1, false, ":status", "103", "link", "</a>", "content-length", "7");
      app.head(1, false, ":status", "100").ok(1).data(1, 1, true);

      assertThat(call.heads).extracting(ResponseHead::status).containsExactly(103, 100, 200);
      assertThat(call.heads.getFirst().headers().get("content-length")).isNull();
      assertThat(call.isComplete()).isTrue();
    }
  }

  @Test
  void informationalHeadsThatEndTheStreamOrSwitchProtocolsAreReset() {
    assertMalformed(":status", "100");
    assertMalformed(":status", "101");
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.head(1, false, ":status", "101");
      assertReset(app, call, ErrorCode.PROTOCOL_ERROR);
      AppPeer.Call early = app.get();
      app.head(3, false, ":status", "100").data(3, 1, true);
      assertThat(early.isLost()).isTrue();
    }
  }

  @Test
  void anExchangeThatBreaksDownTakesNoOtherWithIt() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call atHead = app.get();
      AppPeer.Call atData = app.get();
      AppPeer.Call atEnd = app.get();
      AppPeer.Call other = app.get();
      atHead.broken = true;
      app.ok(1).ok(3).ok(5).ok(7);
      atData.broken = true;
      app.data(3, 1, false);
      atEnd.broken = true;
      app.head(5, true, "x", "y").data(7, 1, true);

      assertThat(atHead.cause).hasMessage("broken");
      assertThat(atData.cause).hasMessage("broken");
      assertThat(other.isComplete()).isTrue();
      assertThat(app.connection().streams()).isZero();
      assertThat(app.connection().room()).isPositive();
    }
  }

  private static void assertReset(AppPeer app, AppPeer.Call call, ErrorCode code) {
    assertThat(app.frames(Frames.RST_STREAM))
        .singleElement()
        .matches(frame -> frame.int32(0) == code.code());
    assertThat(call.isLost()).isTrue();
    assertThat(app.connection().streams()).isZero();
    assertThat(app.connection().room()).isPositive();
  }

  /** As the whole answer, without a body: the exchange sees nothing of it. */
  private static void assertMalformed(String... fields) {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.head(1, true, fields);

      assertReset(app, call, ErrorCode.PROTOCOL_ERROR);
      assertThat(call.heads).isEmpty();
    }
  }

  private static void assertBadTrailers(boolean last, String... fields) {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.ok(1).data(1, 1, false).head(1, last, fields);

      assertReset(app, call, ErrorCode.PROTOCOL_ERROR);
    }
  }

  private static void assertBroken(Consumer<AppPeer> wrong) {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.frames();
      wrong.accept(app);

      assertThat(app.ending()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
      assertThat(call.isLost()).isTrue();
      assertThat(app.ended).isEqualTo(1);
      assertThat(app.connection().room()).isZero();
    }
  }
}
