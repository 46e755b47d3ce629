package dev.fairlead.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * A client that says anything, and apps that do anything: nothing is thrown, nothing leaks (which
 * the detector of leaks sees), and every exchange is told of its end at most once and in the end.
 */
class Http2FuzzTest {

  private static final int STEPS = 60;

  @RepeatedTest(400)
  void whateverHappensEveryExchangeEndsOnce(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    try (Peer peer = Peer.open()) {
      for (int i = 0; i < STEPS && peer.isOpen(); i++) {
        if (random.nextInt(3) == 0 && !peer.apps().isEmpty()) {
          act(peer.app(random.nextInt(peer.apps().size())), random);
        } else {
          say(peer, random);
        }
        if (random.nextInt(4) == 0) {
          peer.frames();
        }
        peer.channel().checkException();
      }
      peer.channel().close();
      for (Peer.App app : peer.apps()) {
        app.listen();
      }
      peer.channel().runPendingTasks();
      peer.channel().checkException();

      assertThat(peer.apps())
          .allSatisfy(app -> assertThat(app.ends).isLessThanOrEqualTo(1))
          .allSatisfy(app -> assertThat(app.ended || app.cause != null).isTrue());
    }
  }

  private static void act(Peer.App app, Random random) {
    switch (random.nextInt(9)) {
      case 0, 1 -> app.listen();
      case 2 -> app.stream.pause();
      case 3 -> {
        if (!app.answered && !app.ended) {
          app.answered = true;
          app.respond(200, "x", "y");
        }
      }
      case 4, 5 -> {
        if (app.answered) {
          app.write(random.nextInt(40_000));
        }
      }
      case 6 -> app.stream.isWritable();
      case 7 -> {
        if (app.answered) {
          app.ended = true;
          app.end();
        }
      }
      default -> {
        app.ended = true;
        app.stream.abort(null);
      }
    }
  }

  private static void say(Peer peer, Random random) {
    int stream = random.nextInt(12) * 2 + 1;
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> peer.get(next(peer, random));
      case 3, 4, 5 -> peer.post(next(peer, random));
      case 6 -> peer.data(begun(peer, random), random.nextInt(16_000), random.nextInt(3) == 0);
      case 7 -> peer.data(begun(peer, random), random.nextInt(3), false);
      case 8 ->
          peer.windowUpdate(
              random.nextBoolean() ? 0 : begun(peer, random), 1 + random.nextInt(1 << 20));
      case 9 -> peer.settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, random.nextInt(100_000));
      case 10 -> peer.reset(begun(peer, random));
      case 11 -> peer.head(begun(peer, random), random.nextInt(4) > 0, "x-sum", "1");
      case 12 -> peer.after(Duration.ofMillis(random.nextInt(20_000)));
      default -> {
        byte[] payload = new byte[random.nextInt(20)];
        random.nextBytes(payload);
        if (random.nextInt(5) == 0) {
          peer.frame(random.nextInt(12), random.nextInt(256), stream, payload);
        } else {
          peer.ping();
        }
      }
    }
  }

  private static int next(Peer peer, Random random) {
    return peer.nextStream(random.nextInt(20) == 0 ? 2 : 1);
  }

  // Mostly one that is or was open.
  private static int begun(Peer peer, Random random) {
    int last = peer.lastStream();
    return last == 0 ? next(peer, random) : random.nextInt((last + 1) / 2) * 2 + 1;
  }
}
