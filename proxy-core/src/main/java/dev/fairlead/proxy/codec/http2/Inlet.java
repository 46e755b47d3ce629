package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.message.StreamListener;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Gives the body that comes on a stream to its listener while that one takes it; meanwhile it waits
 * here, and the peer's window is not opened again. Begins paused. Event loop only.
 */
final class Inlet {

  /** Is told what may be told to the peer. */
  interface Windows {

    /** Bytes are kept no more, as far as the connection is concerned. */
    void consumed(int bytes);

    /** The peer may send more on the stream. */
    void open(int increment);
  }

  private final StreamInput input;
  private final Windows windows;
  private @Nullable StreamListener listener;
  private boolean paused = true;
  private boolean delivering;
  private boolean endTold;
  private boolean stopped;

  Inlet(StreamInput input, Windows windows) {
    this.input = input;
    this.windows = windows;
  }

  void listener(StreamListener newListener) {
    listener = newListener;
  }

  StreamInput input() {
    return input;
  }

  /** A piece of the body; takes ownership. */
  void received(ByteBuf piece) {
    if (stopped) {
      windows.consumed(piece.readableBytes());
      piece.release();
      return;
    }
    input.add(piece);
    deliver();
  }

  /** The peer has sent all of it, and {@link #input()} knows. */
  void ended() {
    deliver();
  }

  /** All that had come for now was delivered. */
  void readComplete() {
    if (listener != null && !paused && !stopped) {
      listener.dataPaused();
    }
  }

  // Never nests, however often the listener pauses and resumes meanwhile.
  private void deliver() {
    StreamListener to = listener;
    if (delivering || to == null) {
      return;
    }
    delivering = true;
    try {
      while (!paused && !stopped) {
        ByteBuf piece = input.next();
        if (piece == null) {
          break;
        }
        // First, for the listener may throw.
        windows.consumed(piece.readableBytes());
        padding(piece.readableBytes());
        to.data(piece);
      }
      if (!paused && !stopped && input.isEnded() && !endTold) {
        endTold = true;
        to.end(input.trailers());
      }
    } finally {
      delivering = false;
    }
  }

  /** Bytes of a frame are kept no more, which the connection knows already. */
  void padding(int bytes) {
    int increment = input.consumed(bytes);
    if (increment > 0 && !stopped) {
      windows.open(increment);
    }
  }

  void pause() {
    paused = true;
  }

  void resume() {
    if (!paused || stopped) {
      return;
    }
    paused = false;
    boolean nested = delivering;
    boolean some = input.isWaiting();
    deliver();
    if (some && !nested) {
      readComplete();
    }
  }

  /** Nobody wants more: what waits and what still comes is dropped. */
  void stop() {
    stopped = true;
    windows.consumed(input.drop());
  }
}
