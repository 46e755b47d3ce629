package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.transport.Outflow;
import dev.fairlead.proxy.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a connection sends. Streams say that they have something; at the end of the event loop's
 * turn all of it is written, in one buffer where it is small, and flushed once. Where windows or
 * the socket limit it, the streams take turns. Event loop only.
 */
final class Outbound {

  /** A stream's share of a turn, in bytes. */
  private static final int QUANTUM = Frames.MAX_PAYLOAD;

  /** The size of a TLS record: what is gathered in one buffer is encrypted in one piece. */
  private static final int BUFFER = 16 * 1024;

  /** Larger pieces of a body are passed on as they are. */
  private static final int MAX_COPIED = 4 * 1024;

  /** After so many bytes the socket shows whether it takes more. */
  private static final int FLUSH_BYTES = 64 * 1024;

  /** Answers to frames that wait for a socket that takes nothing. */
  private static final int MAX_CONTROL_FRAMES = 1000;

  /** RFC 7541 §6.3. */
  private static final int TABLE_SIZE_0 = 0x20;

  private final Channel channel;
  private final FloodGuard guard;
  private final Runnable afterTurn;
  private final SendWindow window = new SendWindow(Frames.INITIAL_WINDOW);
  private final ArrayDeque<Outlet<?>> ready = new ArrayDeque<>();
  private final ArrayDeque<Outlet<?>> waitForWindow = new ArrayDeque<>();
  private final ArrayDeque<Outlet<?>> full = new ArrayDeque<>();
  private final Runnable turn = this::turn;

  private @Nullable ByteBuf buffer;
  private int unflushed;
  private int gathered;
  private int controlFrames;
  private boolean scheduled;
  private boolean sending;
  private boolean blockBegun;
  private boolean closed;

  /**
   * @param afterTurn called when all that could be sent in a turn was
   */
  Outbound(Channel channel, FloodGuard guard, Runnable afterTurn) {
    this.channel = channel;
    this.guard = guard;
    this.afterTurn = afterTurn;
  }

  // ---- for frames of the connection

  /** Where to write a frame of no stream, or one that ends a stream; it leaves with this turn. */
  ByteBuf controlFrame() {
    schedule();
    if (!channel.isWritable()) {
      controlFrames++;
    }
    return room(Frames.HEADER_BYTES * 8);
  }

  /** Whether the client takes no answers, but goes on asking. */
  boolean isStuffed() {
    return controlFrames > MAX_CONTROL_FRAMES;
  }

  /** The client opened the window of the connection; false when it is an error. */
  boolean open(int increment) {
    boolean fine = window.change(increment);
    if (window.available() > 0) {
      for (Outlet<?> stream = waitForWindow.poll(); stream != null; stream = waitForWindow.poll()) {
        ready.add(stream);
      }
      schedule();
    }
    return fine;
  }

  // ---- for streams

  /** The stream has something to send, and was not told of before. */
  void ready(Outlet<?> stream) {
    ready.add(stream);
    schedule();
  }

  /**
   * Bytes were added to what waits. When they are many they are sent at once, so that a large body
   * does not wait here for the end of the turn.
   */
  void gathered(int bytes) {
    gathered += bytes;
    if (gathered >= FLUSH_BYTES) {
      sendAll();
      if (!full.isEmpty()) {
        schedule();
      }
    }
  }

  /** The stream has said that it takes no more; it is told when it does again. */
  void full(Outlet<?> stream) {
    full.add(stream);
  }

  void remove(Outlet<?> stream) {
    ready.remove(stream);
    waitForWindow.remove(stream);
    full.remove(stream);
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  /** How many bytes of all streams the connection has not sent yet. */
  long heldBytes() {
    return Transport.unsentBytes(channel);
  }

  /** Whether the client takes what the connection sends. */
  boolean hasMoved(Outflow outflow, long bytes, Duration within) {
    return outflow.hasMoved(channel, bytes, within);
  }

  /** At least this much room for a frame; the caller writes all of it before anything else. */
  ByteBuf room(int bytes) {
    if (closed) {
      // Of garbage that nobody has to release: it goes nowhere.
      return Unpooled.buffer(bytes);
    }
    ByteBuf current = buffer;
    if (current != null && current.writableBytes() < bytes) {
      pass();
      current = null;
    }
    if (current == null) {
      current = channel.alloc().directBuffer(Math.max(bytes, BUFFER));
      buffer = current;
    }
    return current;
  }

  /**
   * Begins a header block. The first one empties the dynamic table, which is never used: so it does
   * not matter how small the client makes it later (RFC 7541 §4.2).
   */
  void beginBlock(ByteBuf block) {
    if (!blockBegun) {
      blockBegun = true;
      block.writeByte(TABLE_SIZE_0);
    }
  }

  /** How much of a body may be sent on the connection. */
  int window() {
    return window.available();
  }

  /** Writes a DATA frame with the first bytes of {@code body}, which the windows allow. */
  void data(int stream, Pieces body, int bytes, boolean endStream) {
    window.take(bytes);
    FrameWriter.header(
        Frames.DATA,
        endStream ? Frames.END_STREAM : 0,
        stream,
        bytes,
        room(Frames.HEADER_BYTES + Math.min(bytes, MAX_COPIED)));
    for (int left = bytes; left > 0; ) {
      ByteBuf piece = body.take(left);
      if (piece == null) {
        throw new IllegalStateException("a body is shorter than it said");
      }
      left -= piece.readableBytes();
      if (piece.readableBytes() <= MAX_COPIED) {
        room(piece.readableBytes()).writeBytes(piece);
        piece.release();
      } else {
        pass();
        unflushed += piece.readableBytes();
        channel.write(piece, channel.voidPromise());
      }
    }
    guard.usefulFrame(bytes);
  }

  // ---- the turn

  /** At the end of the event loop's turn there is something to do. */
  void schedule() {
    if (!scheduled && !closed) {
      scheduled = true;
      channel.eventLoop().execute(turn);
    }
  }

  /** Sends what can be sent, and then tells streams that they may write. */
  void turn() {
    scheduled = false;
    sendAll();
    // Not while sending: they may write at once.
    for (int i = full.size(); i > 0 && !full.isEmpty(); i--) {
      Outlet<?> stream = full.remove();
      if (stream.isRelieved()) {
        stream.relieved();
      } else {
        full.add(stream);
      }
    }
    afterTurn.run();
  }

  private void sendAll() {
    if (sending || closed) {
      return;
    }
    sending = true;
    try {
      gathered = 0;
      do {
        sendReady();
        flush();
        // The socket may have taken all of it, and said so while nobody could be sent for.
      } while (isWritable() && !ready.isEmpty());
    } finally {
      sending = false;
    }
  }

  private void sendReady() {
    while (isWritable() && !ready.isEmpty()) {
      send(ready.remove());
      if (unflushed >= FLUSH_BYTES) {
        flush();
      }
    }
  }

  private void send(Outlet<?> stream) {
    switch (stream.send(QUANTUM)) {
      case MORE -> ready.add(stream);
      case CONNECTION_WINDOW -> waitForWindow.add(stream);
      case NOTHING -> {}
    }
  }

  private void flush() {
    pass();
    if (unflushed > 0) {
      unflushed = 0;
      channel.flush();
    }
    if (isWritable()) {
      controlFrames = 0;
    }
  }

  private void pass() {
    ByteBuf frames = buffer;
    buffer = null;
    if (frames != null) {
      unflushed += frames.readableBytes();
      channel.write(frames, channel.voidPromise());
    }
  }

  /** Sends the frames that were written, and no others from now on. */
  void close() {
    flush();
    drop();
  }

  /** The connection is gone, and what was not sent with it. */
  void drop() {
    closed = true;
    ready.clear();
    waitForWindow.clear();
    full.clear();
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }
}
