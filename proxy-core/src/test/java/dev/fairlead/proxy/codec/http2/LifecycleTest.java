package dev.fairlead.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.message.ConnectionEvent;
import dev.fairlead.proxy.testing.TestLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a connection begins, waits and ends. */
class LifecycleTest {

  private static final Duration MOMENT = Duration.ofMillis(1);

  @Test
  void theProxySaysItsSettingsFirst() {
    try (Peer peer = Peer.silent()) {
      List<Peer.Frame> frames = peer.frames();

      assertThat(frames)
          .extracting(Peer.Frame::type)
          .containsExactly(Frames.SETTINGS, Frames.WINDOW_UPDATE);
      assertThat(settings(frames.getFirst()))
          .containsEntry(Frames.SETTINGS_MAX_CONCURRENT_STREAMS, 128)
          .containsEntry(Frames.SETTINGS_MAX_HEADER_LIST_SIZE, 32 * 1024);
      assertThat(frames.getLast().int32(0))
          .isEqualTo(Limits.CONNECTION_WINDOW - Frames.INITIAL_WINDOW);
      assertThat(peer.preface().settings().frames())
          .singleElement()
          .matches(frame -> frame.type() == Frames.SETTINGS && frame.has(Frames.ACK));
    }
  }

  @Test
  void http1IsToldOffAndClosed() {
    try (Peer peer = Peer.silent()) {
      peer.say("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(peer.frames()).anyMatch(frame -> frame.isGoAway(ErrorCode.PROTOCOL_ERROR));
      assertThat(peer.late(Peer.TIMEOUTS.header()).isOpen()).isFalse();
    }
  }

  @Test
  void whoDoesNotSendItsSettingsIsClosed() {
    try (Peer peer = Peer.silent()) {
      peer.preface().after(Peer.TIMEOUTS.header().minus(MOMENT));
      assertThat(peer.frames(Frames.GOAWAY)).isEmpty();
      peer.late(Peer.TIMEOUTS.header());
      assertThat(peer.frames(Frames.GOAWAY)).hasSize(1);
    }
  }

  @Test
  void aHeaderBlockThatDoesNotEndIsClosed() {
    try (Peer peer = Peer.open()) {
      peer.frame(Frames.HEADERS, 0, 1, new byte[0]);
      trickle(peer, Peer.bytes(Frames.CONTINUATION, 0, 1, new byte[0]));
    }
  }

  @Test
  void aFrameThatDoesNotEndIsClosed() {
    try (Peer peer = Peer.open()) {
      trickle(peer, Peer.bytes(Frames.HEADERS, Frames.END_HEADERS, 1, new byte[20]));
    }
  }

  // A byte a second.
  private static void trickle(Peer peer, byte[] bytes) {
    for (int i = 0; i < 12; i++) {
      if (i < bytes.length) {
        peer.say(new byte[] {bytes[i]});
      }
      peer.after(Duration.ofSeconds(1));
    }
    assertThat(peer.frames(Frames.GOAWAY)).hasSize(1);
  }

  @Test
  void anIdleConnectionIsClosedAndOneWithAStreamIsNot() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.get(1).app(0).listen();
      peer.after(Peer.TIMEOUTS.keepAlive().multipliedBy(3));
      assertThat(peer.frames(Frames.GOAWAY)).isEmpty();
      app.respond(204).end();
      peer.frames();
      peer.late(Peer.TIMEOUTS.keepAlive());

      assertThat(peer.frames()).anyMatch(frame -> frame.isGoAway(ErrorCode.NO_ERROR));
      assertThat(peer.late(Peer.TIMEOUTS.header()).isOpen()).isFalse();
    }
  }

  @Test
  void drainingWarnsThenCountsThenCloses() {
    try (Peer peer = Peer.open()) {
      Peer.App first = peer.get(1).app(0);
      drain(peer);
      List<Peer.Frame> warning = peer.frames();
      assertThat(warning).extracting(Peer.Frame::type).containsExactly(Frames.GOAWAY, Frames.PING);
      assertThat(warning.getFirst().int32(0)).isEqualTo(Integer.MAX_VALUE);
      Peer.App underWay = peer.get(3).app(1);
      peer.frame(Frames.PING, Frames.ACK, 0, warning.getLast().payload());
      // Some clients go on for a moment although they have read the warning.
      Peer.App chosenBefore = peer.get(5).app(2);
      assertThat(peer.frames()).isEmpty();
      peer.after(Duration.ofSeconds(1));
      assertThat(peer.frames()).singleElement().matches(frame -> frame.int32(0) == 5);
      peer.get(7);
      assertThat(peer.apps()).hasSize(3);

      first.respond(204).end();
      underWay.respond(204).end();
      chosenBefore.respond(204).end();
      assertThat(peer.frames()).hasSize(3);
      assertThat(peer.late(Peer.TIMEOUTS.header()).isOpen()).isFalse();
    }
  }

  @Test
  void theFirstRequestIsToldOnce() {
    try (Peer peer = Peer.open()) {
      peer.head(1, true, ":method", "GET", ":scheme", "https");
      assertThat(peer.firstRequests()).isZero();
      peer.get(3).get(5);

      assertThat(peer.firstRequests()).isEqualTo(1);
    }
  }

  @Test
  void theLastRequestOfAConnectionEndsItWithoutHaste() {
    try (Peer peer = Peer.open(new TestLimits().requestsPerConnection(2).settings())) {
      Peer.App first = peer.get(1).app(0);
      assertThat(peer.frames()).isEmpty();
      Peer.App second = peer.get(3).app(1);
      assertThat(peer.frames())
          .singleElement()
          .matches(frame -> frame.isGoAway(ErrorCode.NO_ERROR))
          .matches(frame -> frame.int32(0) == Integer.MAX_VALUE);
      // It was sent before the client could know.
      Peer.App third = peer.get(5).app(2);
      peer.after(Duration.ofSeconds(1));
      assertThat(peer.frames()).singleElement().matches(frame -> frame.int32(0) == 5);

      // What is under way has all the time that it takes.
      peer.after(Peer.TIMEOUTS.drain().multipliedBy(2));
      assertThat(peer.frames()).isEmpty();
      for (Peer.App app : List.of(first, second, third)) {
        app.respond(204).end();
      }
      assertThat(peer.frames()).hasSize(3);
      assertThat(peer.late(Peer.TIMEOUTS.header()).isOpen()).isFalse();
    }
  }

  @Test
  void aDrainLimitsTheTimeOfWhatIsLeftOfAConnectionThatEnds() {
    try (Peer peer = Peer.open(new TestLimits().requestsPerConnection(1).settings())) {
      Peer.App app = peer.get(1).app(0).listen();
      peer.after(Peer.TIMEOUTS.drain().multipliedBy(2));
      assertThat(app.cause).isNull();
      drain(peer);
      peer.after(Peer.TIMEOUTS.drain().minus(MOMENT));
      assertThat(app.cause).isNull();
      peer.after(MOMENT);

      assertThat(app.cause).isNotNull();
    }
  }

  @Test
  void theLastStreamThatWasTakenNeverGrowsAgain() {
    try (Peer peer = Peer.open()) {
      peer.get(1).app(0).listen();
      drain(peer);
      peer.frame(Frames.PING, Frames.ACK, 0, peer.frames().getLast().payload());
      peer.after(Duration.ofSeconds(1));
      assertThat(peer.frames()).singleElement().matches(frame -> frame.int32(0) == 1);
      // Not looked at: the client may send it again elsewhere.
      peer.get(3);
      peer.frame(Frames.CONTINUATION, 0, 3, new byte[0]);

      assertThat(peer.frames(Frames.GOAWAY))
          .singleElement()
          .matches(frame -> frame.isGoAway(ErrorCode.PROTOCOL_ERROR) && frame.int32(0) == 1);
    }
  }

  @Test
  void aClientThatIsFarAwayHasTwoSecondsMore() {
    try (Peer peer = Peer.open()) {
      drain(peer);
      Peer.Frame ping = peer.frames().getLast();
      peer.after(Duration.ofSeconds(2));
      peer.get(1).app(0).respond(204).end();
      assertThat(peer.frames(Frames.GOAWAY)).isEmpty();
      peer.frame(Frames.PING, Frames.ACK, 0, ping.payload());

      assertThat(peer.frames())
          .singleElement()
          .matches(frame -> frame.isGoAway(ErrorCode.NO_ERROR) && frame.int32(0) == 1);
      assertThat(peer.late(Peer.TIMEOUTS.header()).isOpen()).isFalse();
    }
  }

  @Test
  void aClientThatDoesNotAnswerThePingHasNoMore() {
    try (Peer peer = Peer.open()) {
      drain(peer);
      peer.frames();
      peer.after(Duration.ofSeconds(1)).after(Duration.ofSeconds(2));

      assertThat(peer.frames(Frames.GOAWAY)).hasSize(1);
      assertThat(peer.late(Peer.TIMEOUTS.header()).isOpen()).isFalse();
    }
  }

  @Test
  void aClientThatHasNotBegunIsWarnedWhenItHas() {
    try (Peer peer = Peer.silent()) {
      drain(peer);
      peer.preface().frames();
      peer.settings().get(1).app(0).respond(204).end();

      assertThat(peer.frames())
          .anyMatch(frame -> frame.isGoAway(ErrorCode.NO_ERROR) && frame.int32(0) > 1)
          .anyMatch(frame -> frame.type() == Frames.HEADERS);
      peer.after(Duration.ofSeconds(1)).after(Duration.ofSeconds(2));
      assertThat(peer.frames(Frames.GOAWAY)).singleElement().matches(frame -> frame.int32(0) == 1);
    }
  }

  @Test
  void aClientThatNeverBeginsIsClosedAtTheSecondLook() {
    try (Peer peer = Peer.silent()) {
      drain(peer);
      closeIdle(peer);
      assertThat(peer.frames(Frames.GOAWAY)).isEmpty();
      closeIdle(peer);

      assertThat(peer.frames(Frames.GOAWAY)).hasSize(1);
      assertThat(peer.late(Peer.TIMEOUTS.header()).isOpen()).isFalse();
    }
  }

  @Test
  void whatDoesNotEndWhileDrainingIsCut() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.get(1).app(0).listen();
      drain(peer);
      peer.after(Duration.ofSeconds(1)).after(Duration.ofSeconds(2)).after(Peer.TIMEOUTS.drain());

      assertThat(app.cause).isNotNull();
    }
  }

  @Test
  void theEndOfAnAnswerThatIsNotTakenIsReset() {
    try (Peer peer = Peer.open()) {
      peer.get(1).get(3);
      peer.app(0).respond(200).write(Frames.INITIAL_WINDOW + 1).end();
      peer.app(1).listen();
      peer.frames();
      peer.after(Peer.TIMEOUTS.idle().minus(MOMENT));
      assertThat(peer.frames()).isEmpty();
      peer.late(Peer.TIMEOUTS.idle());

      assertThat(peer.frames())
          .singleElement()
          .matches(frame -> frame.isReset(1, ErrorCode.CANCEL));
      assertThat(peer.app(1).cause).isNull();
    }
  }

  @Test
  void theEndOfAnAnswerIsWaitedForWhileTheClientTakesEnough() {
    int enough = (int) Peer.LIMITS.minRate().bytesIn(Peer.TIMEOUTS.idle());
    try (Peer peer = Peer.open()) {
      peer.get(1).app(0).respond(200).write(Frames.INITIAL_WINDOW + 10 * enough).end();
      peer.frames();
      for (int i = 0; i < 5; i++) {
        peer.after(Peer.TIMEOUTS.idle()).windowUpdate(0, enough).windowUpdate(1, enough);
        assertThat(Peer.dataBytes(peer.frames(), 1)).isEqualTo(enough);
      }
      // A little is not enough.
      peer.windowUpdate(0, enough).late(Peer.TIMEOUTS.idle());
      peer.windowUpdate(1, enough / 3).after(Peer.TIMEOUTS.idle());
      peer.windowUpdate(1, enough / 3).after(Peer.TIMEOUTS.idle());

      assertThat(peer.frames()).last().matches(frame -> frame.isReset(1, ErrorCode.CANCEL));
    }
  }

  @Test
  void aTableThatTheClientMakesSmallerIsOfNoConcern() throws Exception {
    try (Peer peer = Peer.open()) {
      peer.get(1).app(0).respond(204).end();

      // RFC 7541 §6.3: the table is emptied before anything could be in it.
      assertThat(peer.frames().getFirst().payload()[0]).isEqualTo((byte) 0x20);
    }
  }

  @Test
  void theProxySaysWhatItsLimitsAre() {
    try (Peer peer = Peer.silent(new TestLimits().streams(5).headerBytes(4096).settings())) {
      assertThat(settings(peer.frames().getFirst()))
          .containsEntry(Frames.SETTINGS_MAX_CONCURRENT_STREAMS, 5)
          .containsEntry(Frames.SETTINGS_MAX_HEADER_LIST_SIZE, 4096);
    }
  }

  private static Map<Integer, Integer> settings(Peer.Frame frame) {
    Map<Integer, Integer> settings = new HashMap<>();
    for (int at = 0; at < frame.payload().length; at += 6) {
      settings.put(frame.int32(at) >>> 16, frame.int32(at + 2));
    }
    return settings;
  }

  private static void closeIdle(Peer peer) {
    peer.channel().pipeline().fireUserEventTriggered(ConnectionEvent.CLOSE_IDLE);
  }

  private static void drain(Peer peer) {
    peer.channel().pipeline().fireUserEventTriggered(ConnectionEvent.DRAIN);
  }
}
