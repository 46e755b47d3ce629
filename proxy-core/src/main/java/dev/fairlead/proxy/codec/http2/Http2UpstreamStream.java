package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.codec.HeadTooLargeException;
import dev.fairlead.proxy.codec.UnprocessedException;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.UpstreamStream;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on a connection to an endpoint (RFC 9113 §5). Has a number from {@link #send} on.
 * Event loop only.
 */
final class Http2UpstreamStream implements UpstreamStream, Outlet.Owner, Inlet.Windows {

  /** How long the app may take the rest of a request that it has answered already. */
  private static final long REST_SECONDS = 10;

  private final Http2Upstream connection;
  private final UpstreamStreams streams;
  private final Outbound outbound;
  private final HeadEncoder<RequestHead> encoder;
  private final Inlet inlet = new Inlet(new StreamInput(Limits.UPSTREAM_STREAM_WINDOW, -1), this);

  /** Null until there is something to send. */
  private @Nullable Outlet<RequestHead> outlet;

  private @Nullable Listener listener;
  private int id;
  private long sentNanos;
  private boolean toHead;
  private boolean answered;
  private boolean requestEnded;
  private boolean begun;

  /** The whole response has come, as long as it was said to be. */
  private boolean complete;

  /** Nothing goes out any more, and the connection has forgotten it. */
  private boolean closed;

  Http2UpstreamStream(
      Http2Upstream connection,
      UpstreamStreams streams,
      Outbound outbound,
      HeadEncoder<RequestHead> encoder) {
    this.connection = connection;
    this.streams = streams;
    this.outbound = outbound;
    this.encoder = encoder;
  }

  int id() {
    return id;
  }

  StreamInput input() {
    return inlet.input();
  }

  // ---- from the exchange

  @Override
  public void send(RequestHead head, Listener newListener) {
    listener = newListener;
    inlet.listener(newListener);
    inlet.resume();
    if (!connection.isActive()) {
      closed = true;
      UnprocessedException cause = new UnprocessedException("the connection has just ended");
      streams.eventLoop().execute(() -> newListener.aborted(cause));
      return;
    }
    if (HeadEncoder.OfRequest.listBytes(head) > streams.settings().maxHeaderBytes()) {
      throw new HeadTooLargeException("the app does not read a head of this size");
    }
    toHead = head.method().equals("HEAD");
    id = streams.begin(this);
    sentNanos = connection.nanoTime();
    Outlet<RequestHead> out =
        new Outlet<>(
            new StreamOutput<>(id, encoder, false, streams.settings().initialWindow()),
            outbound,
            this);
    outlet = out;
    out.head(head);
    if (!head.hasBody()) {
      requestEnded = true;
      out.end(null);
    }
  }

  @Override
  public void write(ByteBuf data) {
    Outlet<RequestHead> out = outlet;
    if (out == null || closed || requestEnded) {
      data.release();
    } else {
      out.data(data);
    }
  }

  /** Nothing to do: what was written is sent at the end of the turn anyway. */
  @Override
  public void flush() {}

  @Override
  public void end(@Nullable Headers trailers) {
    Outlet<RequestHead> out = outlet;
    if (out != null && !closed && !requestEnded) {
      requestEnded = true;
      out.end(trailers);
      limitRest();
    }
  }

  @Override
  public boolean isWritable() {
    return outlet == null || outlet.isWritable();
  }

  @Override
  public boolean hasTaken(long bytes, Duration within) {
    return outlet != null && outlet.hasTaken(bytes, within);
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
  public void cancel() {
    inlet.stop();
    if (closed) {
      return;
    }
    reset(ErrorCode.CANCEL);
    boolean unanswered = !answered;
    close();
    if (unanswered && id != 0) {
      connection.unanswered(sentNanos);
    }
  }

  @Override
  public void switchProtocols() {
    throw new UnsupportedOperationException("HTTP/2 has no 101 (RFC 9113 §8.6)");
  }

  // ---- from the connection: the request

  @Override
  public void sent() {
    begun = true;
    closeWhenDone();
  }

  /** False when the endpoint opened the window too far. */
  boolean opened(int increment) {
    return outlet == null || outlet.opened(increment);
  }

  @Override
  public void relieved() {
    if (listener != null && !closed) {
      listener.writable();
    }
  }

  // ---- from the connection: the response

  /** Whether any of the request was handed to the connection. */
  boolean isBegun() {
    return begun;
  }

  /** Whether the final head has come, so that what comes now are trailers. */
  boolean isAnswered() {
    return answered;
  }

  /**
   * A head has come, informational or final.
   *
   * @param last whether there is no body
   * @return false when the endpoint may not say so
   */
  boolean head(ResponseHead head, boolean last) {
    Listener to = listener;
    if (to == null || (head.isInformational() && (last || head.status() == 101))) {
      return false;
    }
    if (!head.isInformational()) {
      long length = ContentLength.ofResponse(head, toHead);
      if (length == ContentLength.MALFORMED || (last && length > 0)) {
        return false;
      }
      answered = true;
      inlet.input().expect(length);
    }
    try {
      to.head(head);
    } catch (RuntimeException e) {
      broke(to, e);
      return true;
    }
    return !last || ended(null);
  }

  /** A piece of the body; takes ownership. */
  void received(ByteBuf piece) {
    try {
      inlet.received(piece);
    } catch (RuntimeException e) {
      broke(listener, e);
    }
  }

  /** Bytes of a frame are kept no more, which the connection knows already. */
  void padding(int bytes) {
    inlet.padding(bytes);
  }

  /**
   * The response is complete.
   *
   * @return false when its body is shorter than it said
   */
  boolean ended(@Nullable Headers trailers) {
    if (!inlet.input().end(trailers)) {
      return false;
    }
    complete = true;
    closeWhenDone();
    try {
      inlet.ended();
    } catch (RuntimeException e) {
      broke(listener, e);
    }
    limitRest();
    return true;
  }

  /** All that had come for now was delivered. */
  void readComplete() {
    inlet.readComplete();
  }

  @Override
  public void consumed(int bytes) {
    // The connection's window was opened when they came.
  }

  @Override
  public void open(int increment) {
    if (!closed) {
      FrameWriter.windowUpdate(id, increment, outbound.controlFrame());
    }
  }

  // ---- ends

  /** The endpoint broke the protocol on this stream. */
  void fail(ErrorCode code, String message) {
    if (!closed) {
      reset(code);
      lost(new ConnectionLostException(message));
    }
  }

  // Others' requests on the connection have nothing to do with it.
  private void broke(@Nullable Listener exchange, RuntimeException cause) {
    if (!closed) {
      reset(ErrorCode.INTERNAL_ERROR);
      close();
    }
    inlet.stop();
    if (exchange != null) {
      exchange.aborted(cause);
    }
  }

  /** The stream is gone. A response that is complete stays so. */
  void lost(Throwable cause) {
    if (closed) {
      return;
    }
    close();
    if (!complete) {
      inlet.stop();
      if (listener != null) {
        listener.aborted(cause);
      }
    }
  }

  private void closeWhenDone() {
    if (outlet != null && outlet.isSent() && complete) {
      close();
    }
  }

  // The exchange may be over and watches no more.
  private void limitRest() {
    if (complete && requestEnded && !closed) {
      streams.eventLoop().schedule(this::giveUpRest, REST_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void giveUpRest() {
    if (!closed) {
      reset(ErrorCode.CANCEL);
      close();
    }
  }

  private void reset(ErrorCode code) {
    if (begun) {
      FrameWriter.resetStream(id, code, outbound.controlFrame());
      connection.resetSent();
    }
  }

  private void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (outlet != null) {
      outlet.close();
    }
    streams.remove(id);
  }
}
