package dev.fairlead.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;

/** What costs the proxy more than the client ends with ENHANCE_YOUR_CALM. */
class FloodsTest {

  @Test
  void streamsThatAreResetAtOnce() {
    flood(200, (peer, i) -> peer.get(2 * i + 1).reset(2 * i + 1));
  }

  @Test
  void streamsThatTheProxyIsMadeToReset() {
    flood(200, (peer, i) -> peer.get(2 * i + 1).windowUpdate(2 * i + 1, 0));
    flood(200, (peer, i) -> peer.head(2 * i + 1, true, ":method", "GET"));
  }

  @Test
  void pings() {
    flood(1000, (peer, i) -> peer.ping());
  }

  @Test
  void settings() {
    flood(1000, (peer, i) -> peer.settings());
    flood(500, (peer, i) -> peer.settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, i));
  }

  @Test
  void priorities() {
    flood(1000, (peer, i) -> peer.frame(Frames.PRIORITY, 0, 1, new byte[5]));
  }

  @Test
  void unknownFrames() {
    flood(1000, (peer, i) -> peer.frame(99, 0, 0, new byte[5]));
  }

  @Test
  void windowUpdatesOfNothing() {
    flood(1000, (peer, i) -> peer.windowUpdate(0, 1));
  }

  @Test
  void dataWithoutBytes() {
    flood(
        1000,
        (peer, i) -> {
          if (i == 0) {
            peer.post(1);
          }
          peer.data(1, 0, false);
        });
  }

  @Test
  void dataForAStreamThatIsNoMore() {
    flood(
        1000,
        (peer, i) -> {
          if (i == 0) {
            peer.post(1).app(0).listen().stream.abort(null);
          }
          peer.data(1, 1, false);
        });
  }

  @Test
  void uploadsThatWereOnTheirWayWhenTheyWereRefusedAreNoFlood() {
    try (Peer peer = Peer.open()) {
      for (int upload = 0; upload < 80; upload++) {
        int stream = 2 * upload + 1;
        peer.post(stream).app(upload).listen().stream.abort(null);
        for (int i = 0; i < 16; i++) {
          peer.data(stream, 16_000, false);
        }
      }
      peer.get(2 * 80 + 1);
      assertThat(peer.apps()).hasSize(81);
      assertThat(peer.isOpen()).isTrue();
    }
  }

  @Test
  void continuationsWithoutEnd() {
    flood(
        16,
        (peer, i) -> {
          if (i == 0) {
            peer.frame(Frames.HEADERS, 0, 1, new byte[0]);
          }
          peer.frame(Frames.CONTINUATION, 0, 1, new byte[0]);
        });
    try (Peer peer = Peer.open()) {
      peer.frame(Frames.HEADERS, 0, 1, new byte[Frames.MAX_PAYLOAD]);
      for (int i = 0; i < 4; i++) {
        peer.frame(Frames.CONTINUATION, 0, 1, new byte[Frames.MAX_PAYLOAD]);
      }
      assertThat(peer.frames()).anyMatch(frame -> frame.isGoAway(ErrorCode.ENHANCE_YOUR_CALM));
    }
  }

  @Test
  void answersThatAreNotTaken() {
    try (Peer peer = Peer.open()) {
      peer.post(1).app(0).listen();
      peer.writable(false);
      for (int i = 0; i < 990; i++) {
        peer.data(1, 1, false).ping();
      }
      assertThat(peer.frames(Frames.GOAWAY)).isEmpty();
      for (int i = 0; i < 20; i++) {
        peer.data(1, 1, false).ping();
      }

      assertThat(peer.frames()).anyMatch(frame -> frame.isGoAway(ErrorCode.ENHANCE_YOUR_CALM));
    }
  }

  @Test
  void anUploadOfAClientThatNeverReads() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.post(1).app(0).listen();
      peer.frames();
      peer.writable(false);
      // It is told of its window for each half of it.
      int limit = 1100 * (Limits.STREAM_WINDOW / 2 / Frames.MAX_PAYLOAD);
      for (int i = 0; i < limit && app.cause == null; i++) {
        peer.data(1, Frames.MAX_PAYLOAD, false);
        app.body.reset();
      }

      assertThat(peer.frames()).anyMatch(frame -> frame.isGoAway(ErrorCode.ENHANCE_YOUR_CALM));
    }
  }

  @Test
  void aBusyClientIsNone() {
    try (Peer peer = Peer.open()) {
      for (int i = 0; i < 5000; i++) {
        peer.get(2 * i + 1).app(i).respond(200).write(1000).end();
        peer.frames();
        peer.windowUpdate(0, 1000).ping();
      }

      assertThat(peer.frames(Frames.GOAWAY)).isEmpty();
    }
  }

  @Test
  void aClientThatReadsInSmallPiecesIsNone() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.get(1).app(0).listen().respond(200);
      for (int i = 0; i < 1000; i++) {
        app.write(Frames.MAX_PAYLOAD);
        assertThat(peer.frames(Frames.GOAWAY)).isEmpty();
        for (int read = 0; read < Frames.MAX_PAYLOAD; read += 4096) {
          peer.windowUpdate(1, 4096).windowUpdate(0, 4096);
        }
      }

      assertThat(peer.frames(Frames.GOAWAY)).isEmpty();
    }
  }

  @Test
  void aClientThatPingsNowAndThenIsNone() {
    try (Peer peer = Peer.open()) {
      for (int i = 0; i < 3000; i++) {
        peer.ping().after(Duration.ofSeconds(1));
      }

      assertThat(peer.frames(Frames.GOAWAY)).isEmpty();
      assertThat(peer.isOpen()).isTrue();
    }
  }

  /** A little less than the limit is allowed, a little more is not. */
  private static void flood(int limit, ObjIntConsumer<Peer> one) {
    try (Peer peer = Peer.open()) {
      for (int i = 0; i < limit - 5; i++) {
        one.accept(peer, i);
      }
      assertThat(peer.frames(Frames.GOAWAY)).isEmpty();
      for (int i = 0; i < 10; i++) {
        one.accept(peer, limit - 5 + i);
      }

      assertThat(peer.frames()).anyMatch(frame -> frame.isGoAway(ErrorCode.ENHANCE_YOUR_CALM));
      assertThat(peer.late(Peer.TIMEOUTS.header()).isOpen()).isFalse();
    }
  }
}
