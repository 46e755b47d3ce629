package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.MemoryHolder;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.transport.Outflow;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends what is written on a stream when it is the stream's turn, says when no more should be
 * written, and whether the peer takes what waits. Event loop only.
 */
final class Outlet<H> {

  /** Is told of what becomes of what was written. */
  interface Owner {

    /** Some was sent, maybe all of it. */
    void sent();

    /** More should be written, after it had been said that no more should. */
    void relieved();
  }

  /** From so many waiting bytes on no more should be written. */
  private static final int HIGH_WATER = 64 * 1024;

  private static final int LOW_WATER = 32 * 1024;

  private final StreamOutput<H> output;
  private final Outbound outbound;
  private final Owner owner;

  /** Whether it is in a queue of the connection to be sent from. */
  private boolean queued;

  private boolean full;
  private boolean closed;

  /** Of the body that waits: how much was sent when it was looked at last. */
  private long sentBefore;

  /** Made when first needed: most streams never wait. */
  private @Nullable Outflow outflow;

  Outlet(StreamOutput<H> output, Outbound outbound, Owner owner) {
    this.output = output;
    this.outbound = outbound;
    this.owner = owner;
  }

  // ---- what is written

  void head(H head) {
    output.add(head);
    queue();
  }

  /** A piece of the body; takes ownership. */
  void data(ByteBuf data) {
    int bytes = data.readableBytes();
    output.add(data);
    queue();
    outbound.gathered(bytes);
  }

  void end(@Nullable Headers trailers) {
    output.end(trailers);
    queue();
  }

  /** Whether more should be written; if not, {@link Owner#relieved} follows. */
  boolean isWritable() {
    if (closed) {
      return true;
    }
    boolean writable = output.pendingBytes() < HIGH_WATER && outbound.isWritable();
    if (!writable && !full) {
      full = true;
      waits();
      outbound.full(this);
    }
    return writable;
  }

  // ---- whether it is taken

  /** Whether the end was sent. */
  boolean isSent() {
    return output.isSent();
  }

  /** Begins to look whether the peer takes what waits. */
  void waits() {
    sentBefore = output.sentBytes();
    if (outflow != null) {
      outflow.begin();
    }
  }

  /** Whether the peer took so much since the look before, of the stream or of its connection. */
  boolean hasTaken(long bytes, Duration within) {
    long before = sentBefore;
    sentBefore = output.sentBytes();
    if (output.waitsForWindow()) {
      return sentBefore - before >= bytes;
    }
    // It is the connection that is slow, and all its streams take turns.
    if (outflow == null) {
      outflow = new Outflow();
    }
    return outbound.hasMoved(outflow, bytes, within);
  }

  /** How many bytes wait here, and about how many behind that. */
  long heldBytes() {
    long waiting = output.pendingBytes();
    return full ? waiting + MemoryHolder.BEHIND_A_FULL_SINK : waiting;
  }

  // ---- from the connection

  /** False when the peer opened the window too far. */
  boolean opened(int increment) {
    boolean fine = output.open(increment);
    queue();
    return fine;
  }

  /** Writes its share of a turn. */
  StreamOutput.Progress send(int quantum) {
    if (closed) {
      return StreamOutput.Progress.NOTHING;
    }
    StreamOutput.Progress progress = output.send(quantum, outbound);
    queued = progress != StreamOutput.Progress.NOTHING;
    owner.sent();
    return progress;
  }

  /** Whether it takes bytes again after it had said that it does not. */
  boolean isRelieved() {
    return output.pendingBytes() <= LOW_WATER && outbound.isWritable();
  }

  /** It is told so. */
  void relieved() {
    full = false;
    if (!closed) {
      owner.relieved();
    }
  }

  // ---- ends

  /** Sends as much as the peer takes now. */
  void sendWhatIsTaken() {
    StreamOutput.Progress progress = StreamOutput.Progress.MORE;
    while (progress == StreamOutput.Progress.MORE && outbound.isWritable()) {
      progress = output.send(Frames.MAX_PAYLOAD, outbound);
    }
  }

  /** Gives up what waits. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (queued || full) {
      outbound.remove(this);
    }
    output.drop();
  }

  private void queue() {
    if (!queued && !closed && output.isSendable()) {
      queued = true;
      outbound.ready(this);
    }
  }
}
