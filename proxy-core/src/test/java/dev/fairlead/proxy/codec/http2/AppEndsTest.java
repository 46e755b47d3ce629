package dev.fairlead.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.codec.HeadTooLargeException;
import dev.fairlead.proxy.codec.StreamResetException;
import dev.fairlead.proxy.codec.UnprocessedException;
import dev.fairlead.proxy.message.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Ends of streams and of the connection to an app (RFC 9113 §5.4, §6.8, §8.7): what may be sent
 * again, and that nothing is counted for ever.
 */
class AppEndsTest {

  @Test
  void whatTheAppRefusesIsUnprocessedUnlessItHasAnswered() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call refused = app.get();
      app.head(1, false, ":status", "103").reset(1, ErrorCode.REFUSED_STREAM);
      AppPeer.Call answered = app.get();
      app.ok(3).reset(3, ErrorCode.REFUSED_STREAM);
      AppPeer.Call other = app.get();
      app.reset(5, ErrorCode.INTERNAL_ERROR);

      assertThat(refused.cause).isInstanceOf(UnprocessedException.class);
      assertThat(answered.cause).isInstanceOf(StreamResetException.class);
      assertThat(other.cause).isInstanceOf(StreamResetException.class);
      assertThat(app.connection().streams()).isZero();
      assertThat(app.relieved).isEqualTo(3);
    }
  }

  @Test
  void aResetBehindAWholeAnswerChangesNothing() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.post();
      app.ok(1).data(1, 3, true).reset(1, ErrorCode.NO_ERROR);

      assertThat(call.isComplete()).isTrue();
      assertThat(app.connection().streams()).isZero();
      call.write(10).stream.end(null);
      assertThat(app.frames()).noneMatch(frame -> frame.type() == Frames.DATA);
    }
  }

  @Test
  void aGoawayLetsWhatTheAppTookEndAndTheRestBeSentAgain() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call taken = app.get();
      AppPeer.Call late = app.post();
      app.goAway(1, ErrorCode.NO_ERROR);

      assertThat(late.cause).isInstanceOf(UnprocessedException.class);
      assertThat(app.ended).isEqualTo(1);
      assertThat(app.connection().room()).isZero();
      assertThat(app.frames(Frames.GOAWAY)).isEmpty();
      app.ok(1).data(1, 3, true);
      assertThat(taken.isComplete()).isTrue();
      assertThat(app.ending()).isEqualTo(ErrorCode.NO_ERROR);
      assertThat(app.isOpen()).isFalse();
    }
  }

  @Test
  void aGoawayInTwoStepsIsUnderstood() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call first = app.get();
      AppPeer.Call second = app.get();
      app.goAway(Frames.MAX_STREAM_ID, ErrorCode.NO_ERROR);
      assertThat(second.cause).isNull();
      app.goAway(1, ErrorCode.NO_ERROR);

      assertThat(first.cause).isNull();
      assertThat(second.cause).isInstanceOf(UnprocessedException.class);
      assertThat(app.ended).isEqualTo(1);
    }
  }

  /** It was not sent yet, and it may not be any more (RFC 9113 §6.8). */
  @Test
  void whatWaitsForTheSocketWhenTheGoawayComesIsSentElsewhere() {
    try (AppPeer app = AppPeer.open()) {
      app.writable(false);
      AppPeer.Call waiting = app.get();
      app.goAway(Frames.MAX_STREAM_ID, ErrorCode.NO_ERROR);

      assertThat(waiting.cause).isInstanceOf(UnprocessedException.class);
      assertThat(app.frames(Frames.HEADERS)).isEmpty();
    }
  }

  @Test
  void aGoawayOnAnIdleConnectionClosesIt() {
    try (AppPeer app = AppPeer.open()) {
      app.goAway(0, ErrorCode.ENHANCE_YOUR_CALM);

      assertThat(app.ending()).isEqualTo(ErrorCode.NO_ERROR);
      assertThat(app.isOpen()).isFalse();
      assertThat(app.ended).isEqualTo(1);
    }
  }

  @Test
  void goawaysWithoutEndEndTheConnection() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      for (int i = 0; i < 1010; i++) {
        app.goAway(1, ErrorCode.NO_ERROR);
      }

      assertThat(app.ending()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
      assertThat(call.isLost()).isTrue();
    }
  }

  @Test
  void aConnectionThatDiesTakesAllDown() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call sent = app.get();
      AppPeer.Call whole = app.get();
      app.ok(3).data(3, 5, true);
      app.writable(false);
      AppPeer.Call waiting = app.get();
      app.disconnect();

      assertThat(sent.cause).isInstanceOf(ConnectionLostException.class);
      assertThat(waiting.cause).isInstanceOf(UnprocessedException.class);
      assertThat(whole.isComplete()).isTrue();
      assertThat(app.connection().streams()).isZero();
      assertThat(app.ended).isEqualTo(1);
    }
  }

  @Test
  void anAnswerThatIsWholeIsDeliveredAfterTheConnectionHasDied() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call slow = app.get();
      slow.stream.pause();
      app.ok(1).data(1, 5000, true);
      app.disconnect();
      assertThat(slow.ends).isZero();
      slow.stream.resume();

      assertThat(slow.body.size()).isEqualTo(5000);
      assertThat(slow.isComplete()).isTrue();
    }
  }

  @Test
  void aRequestOnAConnectionThatHasJustDiedIsUnprocessed() {
    try (AppPeer app = AppPeer.open()) {
      app.get();
      app.frames();
      app.disconnect();
      AppPeer.Call late = app.get();
      app.frames();

      assertThat(late.cause).isInstanceOf(UnprocessedException.class);
      assertThat(app.connection().streams()).isZero();
    }
  }

  @Test
  void whatIsCancelledBeforeItWasSentNeverIs() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call call = app.get();
      call.stream.cancel();

      assertThat(app.frames()).isEmpty();
      assertThat(app.connection().streams()).isZero();
      AppPeer.Call next = app.get();
      app.ok(3).data(3, 1, true);
      assertThat(next.isComplete()).isTrue();
    }
  }

  /** It answers at once, does not take the request, and does not say that it does not want it. */
  @Test
  void aRequestThatNobodyTakesIsGivenUpSomeTimeAfterItsAnswer() {
    try (AppPeer app = AppPeer.open().settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, 0)) {
      AppPeer.Call call = app.post().write(1000);
      call.stream.end(null);
      app.ok(1).data(1, 1, true);
      assertThat(call.isComplete()).isTrue();
      assertThat(app.after(Duration.ofSeconds(9)).connection().streams()).isEqualTo(1);
      app.frames();
      app.after(Duration.ofSeconds(2));

      assertThat(app.connection().streams()).isZero();
      assertThat(app.frames()).singleElement().matches(frame -> frame.isReset(1, ErrorCode.CANCEL));
    }
  }

  @Test
  void aRequestThatIsTakenSlowlyBehindItsAnswerIsSentWhole() {
    try (AppPeer app = AppPeer.open().settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, 0)) {
      AppPeer.Call call = app.post().write(1000);
      call.stream.end(null);
      app.ok(1).data(1, 1, true).after(Duration.ofSeconds(5));
      app.frames();
      app.windowUpdate(1, 1000);

      List<Peer.Frame> frames = app.frames();
      assertThat(Peer.dataBytes(frames, 1)).isEqualTo(1000);
      assertThat(frames.getLast().has(Frames.END_STREAM)).isTrue();
      assertThat(app.connection().streams()).isZero();
      app.after(Duration.ofSeconds(20));
      assertThat(app.frames()).isEmpty();
    }
  }

  @Test
  void aConnectionOnWhichNothingComesTakesNoMoreRequests() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call silent = app.get();
      app.frames();
      app.after(Duration.ofSeconds(3));
      silent.stream.cancel();

      assertThat(app.ended).isEqualTo(1);
      assertThat(app.connection().room()).isZero();
    }
  }

  @Test
  void aConnectionOnWhichOthersAreAnsweredStays() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call silent = app.get();
      app.get();
      app.after(Duration.ofSeconds(3));
      app.ok(3).data(3, 1, true);
      silent.stream.cancel();

      assertThat(app.connection().room()).isPositive();
    }
  }

  /** Apps end a connection on which too many are reset, with all that others have on it. */
  @Test
  void aConnectionOnWhichManyWereCancelledTakesNoMoreRequests() {
    try (AppPeer app = AppPeer.open()) {
      AppPeer.Call other = app.get();
      List<AppPeer.Call> cancelled = new ArrayList<>();
      while (app.connection().room() > 0 && cancelled.size() < 1000) {
        AppPeer.Call call = app.get();
        app.frames();
        call.stream.cancel();
        cancelled.add(call);
      }

      assertThat(cancelled).hasSize(100);
      assertThat(app.ended).isEqualTo(1);
      assertThat(app.frames(Frames.GOAWAY)).isEmpty();
      app.ok(1).data(1, 1, true);
      assertThat(other.isComplete()).isTrue();
      assertThat(app.isOpen()).isFalse();
    }
  }

  /** Some apps end the whole connection over it, with what other visitors have there. */
  @Test
  void aHeadThatIsLargerThanTheAppReadsIsNotSent() {
    try (AppPeer app = AppPeer.open().settings(Frames.SETTINGS_MAX_HEADER_LIST_SIZE, 8192)) {
      app.frames();
      assertThatThrownBy(() -> app.send("GET", 0, new Headers().add("X-Large", "x".repeat(8000))))
          .isInstanceOf(HeadTooLargeException.class);
      assertThat(app.frames()).isEmpty();
      assertThat(app.connection().streams()).isZero();
      app.send("GET", 0, new Headers().add("X-Large", "x".repeat(7900)));

      assertThat(app.frames(Frames.HEADERS)).hasSize(1);
    }
  }

  @Test
  void oneRequestUntilTheAppHasSaidHowMany() {
    try (AppPeer app = AppPeer.silent()) {
      assertThat(app.connection().room()).isEqualTo(1);
      assertThat(app.connection().isNew()).isTrue();
      app.get();
      assertThat(app.connection().room()).isZero();
      app.settings();

      assertThat(app.connection().room()).isEqualTo(99);
      assertThat(app.connection().isNew()).isFalse();
      app.settings();
      assertThat(app.relieved).isEqualTo(1);
    }
  }

  @Test
  void asManyRequestsAsTheAppAllows() {
    try (AppPeer app = AppPeer.open()) {
      assertThat(app.connection().room()).isEqualTo(100);
      app.settings(Frames.SETTINGS_MAX_CONCURRENT_STREAMS, 2);
      app.get();
      assertThat(app.connection().room()).isEqualTo(1);
      app.settings(Frames.SETTINGS_MAX_CONCURRENT_STREAMS, 0);
      assertThat(app.connection().room()).isZero();
      app.settings(Frames.SETTINGS_MAX_CONCURRENT_STREAMS, -1);
      assertThat(app.connection().room()).isEqualTo(99);
    }
  }
}
