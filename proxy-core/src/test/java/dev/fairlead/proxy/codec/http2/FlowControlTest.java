package dev.fairlead.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Windows in both directions (RFC 9113 §5.2 and §6.9). */
class FlowControlTest {

  @Test
  void whatTheAppTookIsGivenBackInHalvesOfTheWindow() {
    try (Peer peer = Peer.open()) {
      peer.post(1).app(0).listen();
      upload(peer, 1, Limits.STREAM_WINDOW / 2 - 1);
      assertThat(peer.frames(Frames.WINDOW_UPDATE)).isEmpty();
      upload(peer, 1, 1);

      assertThat(peer.frames(Frames.WINDOW_UPDATE))
          .singleElement()
          .matches(update -> update.stream() == 1 && update.int32(0) == Limits.STREAM_WINDOW / 2);
    }
  }

  @Test
  void aPausedAppHoldsItsWindowAndOnlyItsOwn() {
    try (Peer peer = Peer.open()) {
      Peer.App paused = peer.post(1).app(0);
      upload(peer, 1, Limits.STREAM_WINDOW);
      assertThat(peer.frames(Frames.WINDOW_UPDATE)).isEmpty();
      peer.post(3).app(1).listen();
      upload(peer, 3, Limits.STREAM_WINDOW / 2);
      assertThat(peer.frames(Frames.WINDOW_UPDATE)).extracting(Peer.Frame::stream).contains(3);

      paused.listen();
      assertThat(paused.body.size()).isEqualTo(Limits.STREAM_WINDOW);
      assertThat(peer.frames(Frames.WINDOW_UPDATE)).extracting(Peer.Frame::stream).contains(1);
    }
  }

  @Test
  void paddingCountsAndIsGivenBack() {
    try (Peer peer = Peer.open()) {
      peer.post(1).app(0).listen();
      for (int i = 0; i < Limits.STREAM_WINDOW / 2 / 256; i++) {
        peer.frame(Frames.DATA, Frames.PADDED, 1, paddingOnly());
      }

      assertThat(peer.frames(Frames.WINDOW_UPDATE)).extracting(Peer.Frame::stream).contains(1);
    }
  }

  private static byte[] paddingOnly() {
    byte[] payload = new byte[256];
    payload[0] = (byte) 254;
    return payload;
  }

  @Test
  void moreThanTheWindowOfAStreamIsReset() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.post(1).app(0);
      upload(peer, 1, Limits.STREAM_WINDOW);
      assertThat(peer.data(1, 1, false).frames())
          .singleElement()
          .matches(frame -> frame.isReset(1, ErrorCode.FLOW_CONTROL_ERROR));
      app.listen();
      peer.channel().runPendingTasks();
      assertThat(app.cause).isNotNull();
    }
  }

  @Test
  void moreThanTheWindowOfTheConnectionEndsIt() {
    try (Peer peer = Peer.open()) {
      int streams = Limits.CONNECTION_WINDOW / Limits.STREAM_WINDOW + 1;
      for (int i = 0; i < streams; i++) {
        peer.post(2 * i + 1);
        upload(peer, 2 * i + 1, Limits.STREAM_WINDOW);
      }

      assertThat(peer.frames()).anyMatch(f -> f.isGoAway(ErrorCode.FLOW_CONTROL_ERROR));
    }
  }

  @Test
  void whatNobodyWantsIsGivenBackToTheConnection() {
    try (Peer peer = Peer.open()) {
      int sent = 0;
      for (int stream = 1; sent < Limits.CONNECTION_WINDOW; stream += 2) {
        peer.post(stream);
        upload(peer, stream, Limits.STREAM_WINDOW);
        sent += Limits.STREAM_WINDOW;
        if (stream % 4 == 1) {
          peer.reset(stream);
        } else {
          peer.app(peer.apps().size() - 1).respond(204).end();
        }
      }

      assertThat(peer.frames(Frames.WINDOW_UPDATE)).isNotEmpty().allMatch(f -> f.stream() == 0);
    }
  }

  @Test
  void aResponseWaitsForTheWindowsOfStreamAndConnection() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.get(1).app(0).listen();
      app.respond(200).write(Frames.INITIAL_WINDOW + 100).end();
      assertThat(Peer.dataBytes(peer.frames(), 1)).isEqualTo(Frames.INITIAL_WINDOW);
      assertThat(Peer.dataBytes(peer.windowUpdate(1, 50).frames(), 1)).isZero();
      assertThat(Peer.dataBytes(peer.windowUpdate(0, 30).frames(), 1)).isEqualTo(30);
      assertThat(Peer.dataBytes(peer.windowUpdate(0, 100).frames(), 1)).isEqualTo(20);
      List<Peer.Frame> last = peer.windowUpdate(1, 1000).frames();

      assertThat(Peer.dataBytes(last, 1)).isEqualTo(50);
      assertThat(last.getLast().has(Frames.END_STREAM)).isTrue();
    }
  }

  @Test
  void theInitialWindowMayShrinkBelowWhatWasSent() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.get(1).app(0).listen();
      app.respond(200).write(1000);
      assertThat(Peer.dataBytes(peer.frames(), 1)).isEqualTo(1000);
      peer.settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, 500);
      app.write(1000);
      assertThat(Peer.dataBytes(peer.frames(), 1)).isZero();
      assertThat(Peer.dataBytes(peer.windowUpdate(1, 600).frames(), 1)).isEqualTo(100);
      peer.settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, 1500);

      assertThat(Peer.dataBytes(peer.frames(), 1)).isEqualTo(900);
    }
  }

  @Test
  void windowsThatAreOpenedTooFarAreErrors() {
    try (Peer peer = Peer.open()) {
      peer.get(1);
      assertThat(peer.windowUpdate(1, Integer.MAX_VALUE).frames())
          .singleElement()
          .matches(frame -> frame.isReset(1, ErrorCode.FLOW_CONTROL_ERROR));
      assertThat(peer.windowUpdate(0, Integer.MAX_VALUE).frames())
          .anyMatch(frame -> frame.isGoAway(ErrorCode.FLOW_CONTROL_ERROR));
    }
    try (Peer peer = Peer.open()) {
      peer.get(1).windowUpdate(1, 1000);
      peer.settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
      assertThat(peer.frames()).anyMatch(f -> f.isGoAway(ErrorCode.FLOW_CONTROL_ERROR));
    }
  }

  @Test
  void anEmptyWindowIsNoReasonToKeepAnAnswerWithoutBody() {
    try (Peer peer = Peer.open()) {
      peer.get(1).get(3);
      peer.app(0).respond(200).write(Frames.INITIAL_WINDOW);
      assertThat(Peer.dataBytes(peer.frames(), 1)).isEqualTo(Frames.INITIAL_WINDOW);
      peer.app(1).respond(304).end();

      assertThat(peer.frames()).singleElement().matches(frame -> frame.stream() == 3);
    }
  }

  @Test
  void streamsTakeTurns() {
    try (Peer peer = Peer.open()) {
      peer.settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, 1 << 20).get(1).get(3).get(5);
      for (int i = 0; i < 3; i++) {
        peer.app(i).respond(200).write(30_000);
      }
      assertThat(peer.frames(Frames.DATA))
          .extracting(Peer.Frame::stream)
          .startsWith(1, 3, 5)
          .hasSizeGreaterThanOrEqualTo(4);
      peer.windowUpdate(0, 3 * Frames.MAX_PAYLOAD);

      assertThat(peer.frames(Frames.DATA)).extracting(Peer.Frame::stream).containsOnlyOnce(3);
    }
  }

  @Test
  void anAppIsStoppedWhileTheClientTakesNothingAndToldWhenItDoes() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.get(1).app(0).listen();
      app.respond(200).write(Frames.INITIAL_WINDOW).write(63 * 1024);
      peer.frames();
      assertThat(app.stream.isWritable()).isTrue();
      app.write(2 * 1024);
      peer.frames();
      assertThat(app.stream.isWritable()).isFalse();
      peer.windowUpdate(0, 1 << 20).windowUpdate(1, 30 * 1024).frames();
      assertThat(app.writables).isZero();
      peer.windowUpdate(1, 10 * 1024).frames();

      assertThat(app.writables).isEqualTo(1);
      assertThat(app.stream.isWritable()).isTrue();
    }
  }

  @Test
  void aSocketThatTakesNothingStopsAllAndIsWaitedFor() {
    try (Peer peer = Peer.open()) {
      peer.get(1).get(3).get(5);
      peer.writable(false);
      Peer.App one = peer.app(0).listen();
      one.respond(200).write(10).end();
      Peer.App other = peer.app(1).listen();
      other.respond(200).write(10);
      assertThat(other.stream.isWritable()).isFalse();
      assertThat(peer.frames()).isEmpty();
      peer.writable(true);

      assertThat(peer.frames(Frames.DATA)).extracting(Peer.Frame::stream).containsExactly(1, 3);
      assertThat(other.writables).isEqualTo(1);
    }
  }

  @Test
  void aSocketThatTakesALotAtOnceGetsTheRest() {
    try (Peer peer = Peer.open()) {
      for (int i = 0; i < 20; i++) {
        peer.get(2 * i + 1);
      }
      // More than the channel holds before it says that it is full, in the order of the streams.
      for (int i = 0; i < 15; i++) {
        peer.app(i).respond(200).write(4200).end();
      }
      for (int i = 15; i < 20; i++) {
        peer.app(i).respond(204).end();
      }

      assertThat(peer.frames(Frames.HEADERS)).hasSize(20);
    }
  }

  @Test
  void smallPiecesAreFlushedTogether() {
    try (Peer peer = Peer.open()) {
      AtomicInteger flushes = new AtomicInteger();
      peer.channel()
          .pipeline()
          .addFirst(
              new ChannelOutboundHandlerAdapter() {
                @Override
                public void flush(ChannelHandlerContext context) {
                  flushes.incrementAndGet();
                  context.flush();
                }
              });
      Peer.App app = peer.get(1).app(0).respond(200);
      for (int i = 0; i < 30; i++) {
        app.write(2000);
      }

      assertThat(Peer.dataBytes(peer.frames(), 1)).isEqualTo(60_000);
      assertThat(flushes).hasValue(1);
    }
  }

  @Test
  void whatWaitsDoesNotKeepTheBuffersThatItCameIn() {
    try (Peer peer = Peer.open()) {
      peer.post(1).post(3).app(1).listen();
      List<ByteBuf> reads = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        byte[] waits = Peer.bytes(Frames.DATA, 0, 1, new byte[1100]);
        byte[] isTaken = Peer.bytes(Frames.DATA, 0, 3, new byte[14_000]);
        reads.add(Unpooled.copiedBuffer(waits, isTaken));
        peer.channel().writeInbound(reads.getLast());
      }

      assertThat(reads).extracting(ByteBuf::refCnt).containsOnly(0);
    }
  }

  @Test
  void anAppThatBreaksLeavesNoHoleInTheWindowOfTheConnection() {
    try (Peer peer = Peer.open()) {
      int half = Limits.CONNECTION_WINDOW / 2;
      int sent = 0;
      for (int i = 0; sent < half; i++) {
        Peer.App app = peer.post(2 * i + 1).app(i).listen();
        app.broken = true;
        peer.data(2 * i + 1, Frames.MAX_PAYLOAD, false);
        sent += Frames.MAX_PAYLOAD;
      }

      assertThat(peer.frames(Frames.WINDOW_UPDATE)).extracting(Peer.Frame::stream).contains(0);
    }
  }

  @Test
  void manySmallPiecesThatWaitAreKeptTogether() {
    try (Peer peer = Peer.open()) {
      Peer.App app = peer.post(1).app(0);
      for (int i = 0; i < 5000; i++) {
        peer.data(1, i % 3 + 1, false);
      }
      peer.data(1, 2000, true);
      app.listen();

      assertThat(app.body.size()).isEqualTo(5000 * 2 - 1 + 2000);
    }
  }

  private static void upload(Peer peer, int stream, int bytes) {
    for (int left = bytes; left > 0; ) {
      int piece = Math.min(left, Frames.MAX_PAYLOAD);
      peer.data(stream, piece, false);
      left -= piece;
    }
  }
}
