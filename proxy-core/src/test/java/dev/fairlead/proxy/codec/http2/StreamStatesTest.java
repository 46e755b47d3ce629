package dev.fairlead.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.testing.TestLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What may come and go in which state of a stream (RFC 9113 §5.1). */
class StreamStatesTest {

  @Test
  void anAnswerWithoutABodyIsOneFrame() throws Exception {
    try (Peer peer = Peer.open()) {
      peer.get(1);
      peer.app(0).respond(204, "X-Own", "1").end();

      Peer.Frame head = peer.frames().getFirst();
      assertThat(head.has(Frames.END_STREAM)).isTrue();
      assertThat(peer.fields(head).status()).hasToString("204");
    }
  }

  @Test
  void headBodyAndEndAreOneHeadAndOneDataFrame() throws Exception {
    try (Peer peer = Peer.open()) {
      peer.get(1);
      peer.app(0).respond(200, "X-Own", "1", "Connection", "close").write(10).write(20).end();

      List<Peer.Frame> frames = peer.frames();
      assertThat(frames).extracting(Peer.Frame::type).containsExactly(Frames.HEADERS, Frames.DATA);
      assertThat(peer.fields(frames.getFirst()))
          .hasToString("DefaultHttp2Headers[:status: 200, x-own: 1]");
      assertThat(frames.getLast().payload()).hasSize(30);
      assertThat(frames.getLast().has(Frames.END_STREAM)).isTrue();
    }
  }

  @Test
  void trailersOfWhichNothingIsLeftAreNone() {
    try (Peer peer = Peer.open()) {
      peer.get(1).app(0).respond(200).write(10).stream.end(new Headers());
      List<Peer.Frame> frames = peer.frames();

      assertThat(frames).extracting(Peer.Frame::type).containsExactly(Frames.HEADERS, Frames.DATA);
      assertThat(frames.getLast().has(Frames.END_STREAM)).isTrue();
    }
  }

  @Test
  void aHeadThatIsLongerThanAFrameGoesOn() {
    try (Peer peer = Peer.open()) {
      peer.get(1);
      peer.app(0).respond(200, "x", "\u00ff".repeat(40_000)).end();

      List<Peer.Frame> frames = peer.frames();
      assertThat(frames)
          .extracting(Peer.Frame::type)
          .containsExactly(Frames.HEADERS, Frames.CONTINUATION, Frames.CONTINUATION);
      assertThat(frames.getFirst().has(Frames.END_HEADERS)).isFalse();
      assertThat(frames.get(1).has(Frames.END_HEADERS)).isFalse();
      assertThat(frames.getLast().has(Frames.END_HEADERS)).isTrue();
      assertThat(frames).allMatch(frame -> frame.payload().length <= Frames.MAX_PAYLOAD);
    }
  }

  @Test
  void aBodyAndItsTrailersReachTheApp() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.post(1).app(0).listen();
      peer.frame(Frames.DATA, Frames.PADDED, 1, new byte[] {2, 'a', 'b', 0, 0});
      assertThat(app.pauses).isEqualTo(1);
      peer.head(1, true, "x-sum", "7");

      assertThat(app.body.toString(StandardCharsets.US_ASCII)).isEqualTo("ab");
      assertThat(app.ends).isEqualTo(1);
      assertThat(Objects.requireNonNull(app.trailers).get("x-sum")).isEqualTo("7");
      assertThat(app.cause).isNull();
    }
  }

  @Test
  void whatComesForAPausedAppWaits() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.post(1).app(0);
      peer.data(1, 100, false).data(1, 5000, false).data(1, 30, true);
      app.listen();
      assertThat(app.body.size()).isEqualTo(5130);
      assertThat(app.ends).isEqualTo(1);
    }
  }

  @Test
  void moreOrLessBodyThanItsLengthIsReset() {
    try (Peer peer = Peer.open()) {
      Peer.App more = peer.post(1, "content-length", "10").app(0).listen();
      assertThat(peer.data(1, 11, false).frames())
          .singleElement()
          .matches(frame -> frame.isReset(1, ErrorCode.PROTOCOL_ERROR));
      Peer.App less = peer.post(3, "content-length", "10").app(1).listen();
      assertThat(peer.data(3, 9, true).frames())
          .singleElement()
          .matches(frame -> frame.isReset(3, ErrorCode.PROTOCOL_ERROR));
      Peer.App trailers = peer.post(5, "content-length", "10").app(2).listen();
      assertThat(peer.head(5, true, "x", "y").frames())
          .singleElement()
          .matches(frame -> frame.isReset(5, ErrorCode.PROTOCOL_ERROR));
      Peer.App right = peer.post(7, "content-length", "10").app(3).listen();
      peer.data(7, 4, false).data(7, 6, true);

      assertThat(List.of(more, less, trailers)).allMatch(app -> app.cause != null);
      assertThat(right.ends).isEqualTo(1);
      assertThat(more.ends + less.ends + trailers.ends).isZero();
    }
  }

  @Test
  void trailersThatDoNotEndTheStreamOrAreMalformedAreReset() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.post(1).app(0).listen();
      assertThat(peer.head(1, false, "x", "y").frames())
          .singleElement()
          .matches(frame -> frame.isReset(1, ErrorCode.PROTOCOL_ERROR));
      assertThat(app.cause).isNotNull();
      peer.post(3).app(1).listen();
      assertThat(peer.head(3, true, ":path", "/").frames())
          .singleElement()
          .matches(frame -> frame.isReset(3, ErrorCode.PROTOCOL_ERROR));
    }
  }

  @Test
  void whatFollowsTheEndOfARequestIsReset() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.get(1).app(0).listen();
      assertThat(peer.data(1, 1, false).frames())
          .singleElement()
          .matches(frame -> frame.isReset(1, ErrorCode.STREAM_CLOSED));
      assertThat(app.cause).isNotNull();
      peer.get(3);
      assertThat(peer.head(3, true, "x", "y").frames())
          .singleElement()
          .matches(frame -> frame.isReset(3, ErrorCode.STREAM_CLOSED));
    }
  }

  @Test
  void framesForStreamsThatDidNotBeginEndTheConnection() {
    for (int type : new int[] {Frames.DATA, Frames.RST_STREAM, Frames.WINDOW_UPDATE}) {
      try (Peer peer = Peer.open()) {
        peer.frame(type, 0, 1, Peer.int32(1));
        assertThat(peer.frames()).anyMatch(frame -> frame.isGoAway(ErrorCode.PROTOCOL_ERROR));
        assertThat(peer.late(Peer.TIMEOUTS.header()).isOpen()).isFalse();
      }
    }
  }

  @Test
  void streamsOfTheProxyNeverBegin() {
    for (int type : new int[] {Frames.DATA, Frames.RST_STREAM, Frames.WINDOW_UPDATE}) {
      try (Peer peer = Peer.open()) {
        peer.get(5).frame(type, 0, 2, Peer.int32(1));
        assertThat(peer.frames())
            .singleElement()
            .matches(frame -> frame.isGoAway(ErrorCode.PROTOCOL_ERROR));
      }
    }
  }

  @Test
  void streamsOfEvenOrSmallerNumbersEndTheConnection() {
    try (Peer peer = Peer.open()) {
      assertThat(peer.get(2).frames()).anyMatch(f -> f.isGoAway(ErrorCode.PROTOCOL_ERROR));
    }
    try (Peer peer = Peer.open()) {
      assertThat(peer.get(5).get(3).frames()).anyMatch(f -> f.isGoAway(ErrorCode.PROTOCOL_ERROR));
      peer.app(0).listen();
      peer.channel().runPendingTasks();
      assertThat(peer.app(0).cause).isNotNull();
    }
  }

  @Test
  void aHeadForAStreamThatEndedEndsTheConnection() {
    try (Peer peer = Peer.open()) {
      peer.get(1).app(0).respond(204).end();
      peer.frames();

      assertThat(peer.get(1).frames()).anyMatch(f -> f.isGoAway(ErrorCode.STREAM_CLOSED));
    }
  }

  @Test
  void whatWasUnderWayToAStreamThatWasResetHereIsIgnored() {
    try (Peer peer = Peer.open()) {
      peer.post(1).app(0).listen().respond(200).stream.abort(null);
      List<Peer.Frame> frames = peer.frames();
      assertThat(frames.getFirst().type()).isEqualTo(Frames.HEADERS);
      assertThat(frames.getLast()).matches(f -> f.isReset(1, ErrorCode.INTERNAL_ERROR));

      peer.data(1, 100, false).windowUpdate(1, 1).head(1, true, "x", "y").reset(1);
      assertThat(peer.frames()).isEmpty();
      assertThat(peer.get(3).apps()).hasSize(2);
    }
  }

  @Test
  void anEarlyAnswerIsSentWholeAndThenTheRestIsDeclined() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.post(1).app(0).listen();
      app.respond(200).write(70_000).end();
      assertThat(Peer.dataBytes(peer.frames(), 1)).isEqualTo(65_535);
      peer.data(1, 10_000, false);
      List<Peer.Frame> rest = peer.windowUpdate(0, 10_000).windowUpdate(1, 10_000).frames();

      assertThat(Peer.dataBytes(rest, 1)).isEqualTo(70_000 - 65_535);
      assertThat(rest.getLast().type()).isEqualTo(Frames.DATA);
      assertThat(app.body.size()).isZero();
      assertThat(app.cause).isNull();
      // A moment later: curl loses the answer when both come together.
      assertThat(peer.after(Duration.ofMillis(150)).frames())
          .hasSize(1)
          .allMatch(frame -> frame.isReset(1, ErrorCode.NO_ERROR));
    }
  }

  @Test
  void whoBreaksTheRulesOnAStreamThatWasJustAnsweredIsTold() {
    try (Peer peer = Peer.open()) {
      peer.post(1).app(0).listen().respond(200).end();
      peer.frames();
      assertThat(peer.frame(Frames.PRIORITY, 0, 1, new byte[4]).frames())
          .hasSize(1)
          .allMatch(frame -> frame.isReset(1, ErrorCode.FRAME_SIZE_ERROR));
      assertThat(peer.after(Duration.ofMillis(150)).frames()).isEmpty();
    }
  }

  @Test
  void whoSendsTheRestMeanwhileIsNotAskedToStop() {
    try (Peer peer = Peer.open()) {
      peer.post(1).app(0).listen().respond(200).end();
      peer.post(3).app(1).listen().respond(200).end();
      peer.post(5).app(2).listen().respond(200).end();
      assertThat(peer.frames()).noneMatch(frame -> frame.type() == Frames.RST_STREAM);
      peer.data(1, 100, true).head(3, true, "x", "y").reset(5);

      assertThat(peer.after(Duration.ofMillis(150)).frames()).isEmpty();
      assertThat(peer.get(7).apps()).hasSize(4);
    }
  }

  @Test
  void aClientsResetEndsTheExchangeOnce() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.post(1).app(0).listen();
      peer.data(1, 10, false).reset(1).reset(1);
      assertThat(app.cause).hasMessageContaining("reset");
      app.cause = null;
      app.respond(200).write(10).end();

      assertThat(peer.frames()).isEmpty();
      assertThat(app.cause).isNull();
    }
  }

  @Test
  void whoListensLateIsToldLate() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.get(1).app(0);
      peer.reset(1);
      app.listen();
      peer.channel().runPendingTasks();

      assertThat(app.cause).isNotNull();
    }
  }

  @Test
  void theEndOfTheConnectionEndsAllExchanges() {
    try (Peer peer = Peer.open()) {
      Peer.App one = peer.post(1).app(0).listen();
      Peer.App paused = peer.post(3).data(3, 100, false).app(1);
      peer.channel().close();
      paused.listen();
      peer.channel().runPendingTasks();

      assertThat(one.cause).isNotNull();
      assertThat(paused.cause).isNotNull();
    }
  }

  @Test
  void informationalHeadsComeFirst() throws Exception {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.get(1).app(0);
      app.respond(103).respond(103).respond(200).end();
      List<Peer.Frame> heads = peer.frames();

      assertThat(heads).hasSize(3);
      assertThat(heads.get(1).has(Frames.END_STREAM)).isFalse();
      assertThat(heads.get(2).has(Frames.END_STREAM)).isTrue();
    }
  }

  @Test
  void moreStreamsThanAllowedAreRefused() {
    int limit = 3;
    try (Peer peer = Peer.open(new TestLimits().streams(limit).settings())) {
      for (int i = 0; i < limit; i++) {
        peer.get(2 * i + 1);
      }
      int next = 2 * limit + 1;
      assertThat(peer.get(next).frames())
          .singleElement()
          .matches(frame -> frame.isReset(next, ErrorCode.REFUSED_STREAM));
      peer.app(0).respond(204).end();
      peer.frames();

      assertThat(peer.get(next + 2).apps()).hasSize(limit + 1);
    }
  }
}
