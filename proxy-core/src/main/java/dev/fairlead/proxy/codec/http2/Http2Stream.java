package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.deadline.Deadline;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.StreamListener;
import dev.fairlead.proxy.transport.Outflow;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange over HTTP/2 (RFC 9113 §5). While it is paused, what comes waits
 * here and the client's window is not opened again. As a deadline it is set while the end of the
 * response waits for the client. Event loop only.
 */
final class Http2Stream extends Deadline implements ClientStream {

  /** From so many waiting bytes on no more should be written. */
  private static final int HIGH_WATER = 64 * 1024;

  private static final int LOW_WATER = 32 * 1024;

  private final int id;
  private final Streams streams;
  private final Outbound outbound;
  private final StreamInput input;
  private final StreamOutput output;

  private @Nullable StreamListener listener;
  private boolean paused = true;
  private boolean delivering;
  private boolean endTold;

  /** Whether it is in a queue of the connection to be sent from. */
  private boolean queued;

  private boolean full;

  /** Of the body that waits: how much was sent when it was looked at last. */
  private long sentBefore;

  /** Made when first needed: most streams never wait. */
  private @Nullable Outflow outflow;

  private boolean responseEnded;

  /** Nothing goes in or out any more. */
  private boolean closed;

  /** The exchange was cut before its end. */
  private boolean gone;

  Http2Stream(int id, Streams streams, Outbound outbound, StreamInput input, StreamOutput output) {
    this.id = id;
    this.streams = streams;
    this.outbound = outbound;
    this.input = input;
    this.output = output;
  }

  int id() {
    return id;
  }

  StreamInput input() {
    return input;
  }

  // ---- from the connection: the request

  /** A piece of the body; takes ownership. */
  void received(ByteBuf piece) {
    if (closed || responseEnded) {
      streams.consumed(piece.readableBytes());
      piece.release();
      return;
    }
    input.add(piece);
    deliver();
  }

  /** The client has sent all of it, and {@link #input()} knows. */
  void ended() {
    deliver();
  }

  /** All that had come for now was delivered. */
  void readComplete() {
    if (listener != null && !paused && !isOver()) {
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
      while (!paused && !isOver()) {
        ByteBuf piece = input.next();
        if (piece == null) {
          break;
        }
        // First, for the listener may throw.
        consumed(piece.readableBytes());
        to.data(piece);
      }
      if (!paused && !isOver() && input.isEnded() && !endTold) {
        endTold = true;
        to.end(input.trailers());
      }
    } finally {
      delivering = false;
    }
  }

  private void consumed(int bytes) {
    streams.consumed(bytes);
    padding(bytes);
  }

  /** Bytes of a frame are kept no more, which the connection knows already. */
  void padding(int bytes) {
    int increment = input.consumed(bytes);
    if (increment > 0 && !closed) {
      FrameWriter.windowUpdate(id, increment, outbound.controlFrame());
    }
  }

  private boolean isOver() {
    return closed || gone || responseEnded;
  }

  // ---- from the connection: the response

  /** False when the client opened the window too far. */
  boolean open(int increment) {
    boolean fine = output.open(increment);
    queue();
    return fine;
  }

  /** Writes its share of a turn. */
  StreamOutput.Progress send(int quantum) {
    StreamOutput.Progress progress = output.send(quantum, outbound);
    queued = progress != StreamOutput.Progress.NOTHING;
    if (output.isSent()) {
      streams.sent(this);
    }
    return progress;
  }

  /** Whether it takes bytes again after it had not. */
  boolean isRelieved() {
    return output.pendingBytes() <= LOW_WATER && outbound.isWritable();
  }

  void relieved() {
    full = false;
    if (listener != null && !isOver()) {
      listener.writable();
    }
  }

  /** The exchange is over and watches no more, but the client has not taken the response yet. */
  @Override
  protected void expired() {
    Duration turn = streams.progress().length();
    if (hasTaken(streams.minBytes(turn), turn)) {
      streams.progress().set(this);
    } else {
      streams.reset(this, ErrorCode.CANCEL);
    }
  }

  /** Begins to look whether the client takes what waits. */
  private void waits() {
    sentBefore = output.sentBytes();
    if (outflow != null) {
      outflow.begin();
    }
  }

  @Override
  public boolean hasTaken(long bytes, Duration within) {
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

  private void queue() {
    if (!queued && !closed && output.isSendable()) {
      queued = true;
      outbound.ready(this);
    }
  }

  // ---- ends

  /**
   * It is out of the connection's hands: what waits is given up, and the exchange, if it still is.
   */
  void close(@Nullable Throwable cause) {
    if (closed) {
      return;
    }
    closed = true;
    if (queued || full) {
      outbound.remove(this);
    }
    cancel();
    output.drop();
    streams.consumed(input.drop());
    if (!gone && !responseEnded) {
      gone = true;
      if (listener != null && cause != null) {
        listener.aborted(cause);
      }
    }
  }

  // ---- from the exchange

  @Override
  public EventLoop eventLoop() {
    return streams.eventLoop();
  }

  @Override
  public ClientInfo client() {
    return streams.client();
  }

  @Override
  public void listener(StreamListener newListener) {
    listener = newListener;
    if (gone) {
      eventLoop().execute(() -> newListener.aborted(ConnectionLostException.before()));
    }
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    if (paused && !isOver()) {
      paused = false;
      resumed();
    }
  }

  private void resumed() {
    boolean nested = delivering;
    boolean some = input.isWaiting();
    deliver();
    if (some && !nested) {
      readComplete();
    }
  }

  @Override
  public long given() {
    return streams.receivedBytes();
  }

  /** Nothing to do: the end of the response says so, by a reset. */
  @Override
  public void decline() {}

  @Override
  public void inform(ResponseHead informational) {
    respond(informational);
  }

  @Override
  public void respond(ResponseHead response) {
    if (!isOver()) {
      output.add(response);
      queue();
    }
  }

  @Override
  public void write(ByteBuf data) {
    if (isOver()) {
      data.release();
      return;
    }
    int bytes = data.readableBytes();
    output.add(data);
    queue();
    outbound.gathered(bytes);
  }

  /** Nothing to do: what was written is sent at the end of the turn anyway. */
  @Override
  public void flush() {}

  @Override
  public void end(@Nullable Headers trailers) {
    if (isOver()) {
      return;
    }
    responseEnded = true;
    waits();
    streams.progress().set(this);
    output.end(trailers);
    queue();
    if (!input.isEnded()) {
      // The rest of the request is not wanted.
      streams.consumed(input.drop());
    }
  }

  @Override
  public boolean isWritable() {
    boolean writable = output.pendingBytes() < HIGH_WATER && outbound.isWritable();
    if (!writable && !full && !closed) {
      full = true;
      waits();
      outbound.full(this);
    }
    return writable;
  }

  @Override
  public void abort() {
    if (!isOver()) {
      sendWhatIsTaken();
      gone = true;
      streams.reset(this, ErrorCode.INTERNAL_ERROR);
    }
  }

  // A part of a response is worth more to the client than none.
  private void sendWhatIsTaken() {
    StreamOutput.Progress progress = StreamOutput.Progress.MORE;
    while (progress == StreamOutput.Progress.MORE && outbound.isWritable()) {
      progress = output.send(Frames.MAX_PAYLOAD, outbound);
    }
  }

  @Override
  public Channel switchProtocols(ResponseHead head) {
    throw new UnsupportedOperationException("HTTP/2 has no 101 (RFC 9113 §8.6)");
  }
}
