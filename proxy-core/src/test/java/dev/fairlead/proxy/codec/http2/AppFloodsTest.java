package dev.fairlead.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;

/** What an app may send of what carries nothing, and how much of what does. */
class AppFloodsTest {

  @Test
  void framesThatCarryNothingEndTheConnection() {
    flood(1000, (app, i) -> app.ping());
    flood(1000, (app, i) -> app.settings());
    flood(500, (app, i) -> app.settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, i));
    flood(1000, (app, i) -> app.frame(Frames.PRIORITY, 0, 1, new byte[5]));
    flood(1000, (app, i) -> app.frame(99, 0, 0, new byte[5]));
    flood(1000, (app, i) -> app.windowUpdate(0, 1));
    flood(1000, (app, i) -> app.windowUpdate(1, 1));
  }

  @Test
  void bodiesOfNothingEndTheConnection() {
    flood(
        1000,
        (app, i) -> {
          if (i == 0) {
            app.ok(1);
          }
          app.data(1, 0, false);
        });
  }

  @Test
  void emptyBodiesForAStreamThatIsNoMoreEndTheConnection() {
    flood(
        1000,
        (app, i) -> {
          if (i == 0) {
            app.ok(1).data(1, 0, true);
          }
          app.data(1, 0, false);
        });
  }

  @Test
  void headsForAStreamThatIsNoMoreEndTheConnection() {
    flood(
        1000,
        (app, i) -> {
          if (i == 0) {
            app.ok(1).data(1, 0, true);
          }
          app.ok(1);
        });
  }

  @Test
  void windowsOfNothingForAStreamThatIsNoMoreEndTheConnection() {
    flood(
        1000,
        (app, i) -> {
          if (i == 0) {
            app.ok(1).data(1, 0, true);
          }
          app.windowUpdate(1, 0);
        });
  }

  /** An app that sends many small messages, such as of gRPC, has them on the way when one ends. */
  @Test
  void whatWasOnItsWayWhenAVisitorLeftHarmsNoOther() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call left = app.get();
      AppPeer.Call other = app.get();
      app.ok(1).data(1, 25, false);
      left.stream.cancel();
      for (int i = 0; i < Limits.UPSTREAM_STREAM_WINDOW / 25 - 1; i++) {
        app.data(1, 25, false);
      }

      assertThat(app.ending()).isNull();
      app.ok(3).data(3, 1, true);
      assertThat(other.isComplete()).isTrue();
      assertThat(left.body.size()).isEqualTo(25);
    }
  }

  @Test
  void continuationsWithoutEndEndTheConnection() {
    flood(
        16,
        (app, i) -> {
          if (i == 0) {
            app.frame(Frames.HEADERS, 0, 1, new byte[0]);
          }
          app.frame(Frames.CONTINUATION, 0, 1, new byte[0]);
        });
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.frame(Frames.HEADERS, 0, 1, new byte[Frames.MAX_PAYLOAD]);
      for (int i = 0; i < 8; i++) {
        app.frame(Frames.CONTINUATION, 0, 1, new byte[Frames.MAX_PAYLOAD]);
      }

      assertThat(app.ending()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
      assertThat(call.isLost()).isTrue();
    }
  }

  @Test
  void answersThatAreNotTakenEndTheConnection() {
    try (AppPeer app = AppPeer.open()) {
      app.get();
      app.ok(1);
      app.frames();
      app.writable(false);
      for (int i = 0; i < 990; i++) {
        app.data(1, 1, false).ping();
      }
      assertThat(app.ending()).isNull();
      for (int i = 0; i < 20; i++) {
        app.data(1, 1, false).ping();
      }

      assertThat(app.ending()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
    }
  }

  /** Else what it is told of its windows would pile up for as long as it sends. */
  @Test
  void anAppThatSendsAndNeverReadsIsNotReadForEver() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.ok(1);
      app.frames();
      app.writable(false);
      int frames = 0;
      // It is told of its window for each half of it.
      int limit = 1100 * (Limits.UPSTREAM_STREAM_WINDOW / 2 / Frames.MAX_PAYLOAD);
      while (frames < limit && call.cause == null) {
        app.data(1, Frames.MAX_PAYLOAD, false);
        call.body.reset();
        frames++;
      }

      assertThat(call.isLost()).isTrue();
      assertThat(app.ending()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void moreThanAWindowIsReset() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      call.stream.pause();
      app.ok(1);
      for (int i = 0; i < Limits.UPSTREAM_STREAM_WINDOW / Frames.MAX_PAYLOAD; i++) {
        app.data(1, Frames.MAX_PAYLOAD, false);
      }
      assertThat(app.frames(Frames.RST_STREAM)).isEmpty();
      app.data(1, 1, false);

      assertThat(app.frames(Frames.RST_STREAM))
          .singleElement()
          .matches(frame -> frame.isReset(1, ErrorCode.FLOW_CONTROL_ERROR));
      assertThat(call.isLost()).isTrue();
    }
  }

  @Test
  void paddingCountsInTheWindowsAndIsGivenBack() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.ok(1);
      byte[] padded = new byte[256];
      padded[0] = (byte) 255;
      for (int i = 0; i < 10 * Limits.UPSTREAM_STREAM_WINDOW / padded.length; i++) {
        app.frame(Frames.DATA, Frames.PADDED, 1, padded);
        if (i % 20 == 19) {
          // Padding alone is what carries nothing.
          app.data(1, Frames.MAX_PAYLOAD, false);
        }
      }

      assertThat(call.cause).isNull();
      assertThat(app.frames())
          .anyMatch(frame -> frame.type() == Frames.WINDOW_UPDATE && frame.stream() == 1)
          .noneMatch(frame -> frame.type() == Frames.GOAWAY);
    }
  }

  @Test
  void whoDoesNotReadHoldsUpNoOther() {
    try (AppPeer app = AppPeer.open()) {
      List<AppPeer.Call> stuck = new ArrayList<>();
      for (int stream = 1; stream < 2 * 50; stream += 2) {
        AppPeer.Call call = app.get();
        call.stream.pause();
        stuck.add(call);
        app.ok(stream);
        for (int i = 0; i < Limits.UPSTREAM_STREAM_WINDOW / Frames.MAX_PAYLOAD; i++) {
          app.data(stream, Frames.MAX_PAYLOAD, false);
        }
      }
      AppPeer.Call other = app.get();
      app.ok(101);
      for (int i = 0; i < 1000; i++) {
        app.data(101, Frames.MAX_PAYLOAD, false);
      }

      assertThat(app.ending()).isNull();
      assertThat(other.body.size()).isEqualTo(1000 * Frames.MAX_PAYLOAD);
      stuck.forEach(call -> call.stream.cancel());
      assertThat(app.connection().streams()).isEqualTo(1);
    }
  }

  @Test
  void windowsThatAreOpenedTooFarAreErrors() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.windowUpdate(1, Integer.MAX_VALUE);
      assertThat(app.frames(Frames.RST_STREAM))
          .singleElement()
          .matches(frame -> frame.isReset(1, ErrorCode.FLOW_CONTROL_ERROR));
      assertThat(call.isLost()).isTrue();
      assertThat(app.windowUpdate(0, Integer.MAX_VALUE).ending())
          .isEqualTo(ErrorCode.FLOW_CONTROL_ERROR);
    }
    try (AppPeer app = AppPeer.open()) {
      app.post();
      app.windowUpdate(1, Integer.MAX_VALUE - Frames.INITIAL_WINDOW);
      app.settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, Frames.INITIAL_WINDOW + 1);
      assertThat(app.ending()).isEqualTo(ErrorCode.FLOW_CONTROL_ERROR);
    }
    try (AppPeer app = AppPeer.open()) {
      assertThat(app.settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, -1).ending())
          .isEqualTo(ErrorCode.FLOW_CONTROL_ERROR);
    }
  }

  @Test
  void aWindowThatIsOpenedByNothingIsAnError() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      app.windowUpdate(1, 0);
      assertThat(call.isLost()).isTrue();
      assertThat(app.windowUpdate(0, 0).ending()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void pingsOfTheAppAreAnswered() {
    try (AppPeer app = AppPeer.open()) {
      app.frame(Frames.PING, 0, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

      assertThat(app.frames())
          .singleElement()
          .matches(frame -> frame.type() == Frames.PING && frame.has(Frames.ACK))
          .matches(frame -> frame.payload()[7] == 8);
    }
  }

  /** A little less than the limit is allowed, a little more is not. */
  private static void flood(int limit, ObjIntConsumer<AppPeer> one) {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.post();
      app.frames();
      for (int i = 0; i < limit - 5; i++) {
        one.accept(app, i);
      }
      assertThat(app.ending()).isNull();
      for (int i = 0; i < 10; i++) {
        one.accept(app, limit - 5 + i);
      }

      assertThat(app.ending()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
      assertThat(call.ends + (call.cause == null ? 0 : 1)).isEqualTo(1);
    }
  }
}
