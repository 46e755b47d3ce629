package dev.fairlead.proxy.codec.http2;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;

import dev.fairlead.conformance.fuzzing.CountedBuffers;
import dev.fairlead.conformance.fuzzing.Cuts;
import dev.fairlead.proxy.codec.StreamResetException;
import dev.fairlead.proxy.message.ConnectionEvent;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * One connection: frames that a client sends, and what apps do meanwhile. Nothing is thrown, each
 * exchange ends once, all memory is bounded and given back, and what the client gets keeps to the
 * protocol ({@link ClientView}).
 *
 * <p>The input is a sequence of steps of four bytes, each with a payload behind it: what ({@link
 * Step}), flags, stream or app, length of the payload. So a mutation makes another step, and not
 * one frame out of all that follow.
 */
public final class Http2ConnectionFuzzer {

  private static final int MAX_STEPS = 200;

  /** What clients may make wait: the windows, the header blocks, and what waits to be sent. */
  private static final long MAX_MEMORY = 16L << 20;

  /** Above the types of frames. */
  private static final class Step {

    static final int APP = 10;
    static final int TIME = 11;
    static final int RAW = 12;
    static final int SOCKET_FULL = 13;
    static final int DRAIN = 14;
    static final int LONG_DATA = 15;

    private Step() {}
  }

  private final CountedBuffers buffers = new CountedBuffers();
  private final Peer peer = Peer.open();
  private final ClientView client = new ClientView();

  private Http2ConnectionFuzzer() {
    peer.channel().config().setAllocator(buffers);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    new Http2ConnectionFuzzer().run(input);
  }

  private void run(byte[] input) {
    ByteBuffer in = ByteBuffer.wrap(input);
    for (int i = 0; i < MAX_STEPS && in.remaining() >= 4 && peer.isOpen(); i++) {
      int what = in.get() & 0xff;
      int flags = in.get() & 0xff;
      int stream = in.get() & 0xff;
      byte[] payload = new byte[Math.min(in.get() & 0xff, in.remaining())];
      in.get(payload);
      step(what & 0x0f, flags, stream, payload);
      // Mostly, as on a network, an answer leaves before the next frame comes.
      if (what < 0x80) {
        client.got(peer.frames());
      }
      peer.channel().checkException();
    }
    end();
  }

  private void step(int what, int flags, int stream, byte[] payload) {
    switch (what) {
      case Step.APP -> {
        if (!peer.apps().isEmpty()) {
          Peer.App app = peer.app(stream % peer.apps().size());
          InEvent.run(peer.channel(), () -> act(app, flags, payload));
        }
      }
      case Step.TIME -> peer.after(Duration.ofMillis(flags * 100L));
      case Step.RAW -> say(payload);
      case Step.SOCKET_FULL -> writable(flags % 2 == 1);
      case Step.DRAIN -> peer.channel().pipeline().fireUserEventTriggered(ConnectionEvent.DRAIN);
      case Step.LONG_DATA -> frame(Frames.DATA, flags, stream, new byte[payload.length * 64]);
      default -> frame(what, flags, stream, payload);
    }
  }

  private void writable(boolean on) {
    if (peer.isOpen()) {
      peer.writable(on);
    }
  }

  private void frame(int type, int flags, int stream, byte[] payload) {
    if (type == Frames.WINDOW_UPDATE && payload.length == 4) {
      client.opened(stream, ByteBuffer.wrap(payload).getInt() & Integer.MAX_VALUE);
    } else if (type == Frames.SETTINGS && (flags & Frames.ACK) == 0) {
      client.set(payload);
    }
    say(Peer.bytes(type, flags, stream, payload));
  }

  // As one read, so that what was allocated for it is counted.
  private void say(byte[] bytes) {
    if (peer.channel().isOpen()) {
      peer.channel().writeInbound(Cuts.buffer(bytes, buffers));
    }
  }

  private void act(Peer.App app, int action, byte[] payload) {
    switch (action % 9) {
      case 0 -> app.listen();
      case 1 -> app.stream.pause();
      case 2 -> app.stream.resume();
      case 3 -> respond(app);
      case 4, 5 -> {
        if (app.answered && !app.ended) {
          int bytes = action % 9 == 4 ? payload.length : payload.length * 256;
          app.stream.write(buffers.buffer(Math.max(1, bytes)).writeZero(bytes));
        }
      }
      case 6 -> app.stream.isWritable();
      case 7 -> {
        if (app.answered && !app.ended) {
          app.ended = true;
          app.end();
        }
      }
      default -> {
        app.ended = true;
        app.stream.abort(payload.length == 0 ? null : new StreamResetException(payload[0]));
      }
    }
  }

  private static void respond(Peer.App app) {
    if (!app.answered && !app.ended) {
      app.answered = true;
      app.respond(200, "x", "y");
    }
  }

  private void end() {
    writable(true);
    client.got(peer.frames());
    peer.channel().close();
    for (Peer.App app : peer.apps()) {
      app.listen();
    }
    peer.channel().runPendingTasks();
    peer.channel().checkException();
    for (Peer.App app : peer.apps()) {
      holds(app.ends <= 1, "a request ends once");
      holds(app.ended || app.cause != null, "an exchange is told of its end");
    }
    peer.close();
    buffers.allReleased();
    holds(buffers.peak() <= MAX_MEMORY, "memory is bounded: " + buffers.peak());
  }
}
