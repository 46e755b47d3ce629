package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.codec.StreamResetException;
import dev.fairlead.proxy.deadline.Deadline;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange over HTTP/2 (RFC 9113 §5). While it is paused, what comes waits
 * here and the client's window is not opened again. As a deadline it is set while the end of the
 * response waits for the client. Event loop only.
 */
final class Http2Stream extends Deadline implements ClientStream, Outlet.Owner, Inlet.Windows {

  private static final List<ErrorCode> PASSED_ON =
      List.of(ErrorCode.CANCEL, ErrorCode.ENHANCE_YOUR_CALM);

  private final int id;
  private final Streams streams;
  private final Outbound outbound;
  private final Inlet inlet;
  private final Outlet<ResponseHead> outlet;

  private @Nullable StreamListener listener;
  private HeadBudget.@Nullable Share budget;

  /** What it is counted for there. */
  private int underWay;

  private boolean responseEnded;

  /** Nothing goes in or out any more. */
  private boolean closed;

  /** The exchange was cut before its end. */
  private boolean gone;

  Http2Stream(
      int id,
      Streams streams,
      Outbound outbound,
      StreamInput input,
      StreamOutput<ResponseHead> output) {
    this.id = id;
    this.streams = streams;
    this.outbound = outbound;
    this.inlet = new Inlet(input, this);
    this.outlet = new Outlet<>(output, outbound, this);
  }

  int id() {
    return id;
  }

  StreamInput input() {
    return inlet.input();
  }

  /** Its request, whose head has so many bytes, is under way until it is closed. */
  void countedFor(HeadBudget.Share counting, int headBytes) {
    budget = counting;
    underWay = counting.begun(headBytes);
  }

  /** How many bytes wait for the client, or of it. */
  long heldBytes() {
    return inlet.input().waitingBytes() + outlet.heldBytes();
  }

  // ---- from the connection: the request

  /** A piece of the body; takes ownership. */
  void received(ByteBuf piece) {
    inlet.received(piece);
  }

  /** The client has sent all of it, and {@link #input()} knows. */
  void ended() {
    inlet.ended();
  }

  /** All that had come for now was delivered. */
  void readComplete() {
    inlet.readComplete();
  }

  /** Bytes of a frame are kept no more, which the connection knows already. */
  void padding(int bytes) {
    inlet.padding(bytes);
  }

  @Override
  public void consumed(int bytes) {
    streams.consumed(bytes);
  }

  @Override
  public void open(int increment) {
    FrameWriter.windowUpdate(id, increment, outbound.controlFrame());
  }

  private boolean isOver() {
    return closed || gone || responseEnded;
  }

  // ---- from the connection: the response

  /** False when the client opened the window too far. */
  boolean opened(int increment) {
    return outlet.opened(increment);
  }

  @Override
  public void sent() {
    if (outlet.isSent()) {
      streams.sent(this);
    }
  }

  @Override
  public void relieved() {
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

  @Override
  public boolean hasTaken(long bytes, Duration within) {
    return outlet.hasTaken(bytes, within);
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
    cancel();
    outlet.close();
    if (budget != null) {
      budget.ended(underWay);
    }
    inlet.stop();
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
    inlet.listener(newListener);
    if (gone) {
      eventLoop().execute(() -> newListener.aborted(ConnectionLostException.before()));
    }
  }

  @Override
  public void pause() {
    inlet.pause();
  }

  @Override
  public void resume() {
    inlet.resume();
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
      outlet.head(response);
    }
  }

  @Override
  public void write(ByteBuf data) {
    if (isOver()) {
      data.release();
      return;
    }
    outlet.data(data);
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
    outlet.waits();
    streams.progress().set(this);
    outlet.end(trailers);
    // The rest of the request is not wanted.
    inlet.stop();
  }

  @Override
  public boolean isWritable() {
    return outlet.isWritable();
  }

  @Override
  public void abort(@Nullable Throwable cause) {
    if (!isOver()) {
      // A part of a response is worth more to the client than none.
      outlet.sendWhatIsTaken();
      gone = true;
      inlet.stop();
      streams.reset(this, codeOf(cause));
    }
  }

  // What the app said is said on where it is about the request, and not about our connection to it.
  private static ErrorCode codeOf(@Nullable Throwable cause) {
    if (cause instanceof StreamResetException reset) {
      for (ErrorCode code : PASSED_ON) {
        if (code.code() == reset.code()) {
          return code;
        }
      }
    }
    return ErrorCode.INTERNAL_ERROR;
  }

  @Override
  public void switchProtocols(ResponseHead head) {
    respond(new ResponseHead(200, head.headers()));
  }
}
