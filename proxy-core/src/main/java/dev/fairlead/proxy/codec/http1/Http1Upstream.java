package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.codec.LingeringClose;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.FieldNames;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.UpstreamStream;
import dev.fairlead.proxy.transport.Outflow;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to an endpoint, and the stream of the request that is on it. Between two
 * requests it belongs to its {@link Owner} and reads, so that it notices when the endpoint closes
 * it. No pipelining: the next request is sent when the response before it has ended.
 */
public final class Http1Upstream extends ChannelInboundHandlerAdapter implements UpstreamStream {

  private static final int MAX_LINE = 8192;

  /** Bytes of a response's head: apps are trusted a little more than clients. */
  private static final int MAX_HEAD = 64 * 1024;

  private static final int MAX_FIELDS = 256;

  private static final FieldNames LENGTH = FieldNames.of(FieldName.CONTENT_LENGTH);
  private static final byte[] VERSION = MessageWriter.ascii(" HTTP/1.1\r\n");

  /** Who keeps the connection between two requests. */
  public interface Owner {

    /** The response has ended and the connection can take another request. */
    void idle(Http1Upstream connection);

    /** The connection was closed while it was idle. */
    void closed(Http1Upstream connection);
  }

  /** What the connection waits for. */
  private enum State {
    IDLE,
    AWAITING_HEAD,
    IN_BODY,
    SWITCHING,
    GONE
  }

  private final HeadBudget.Share budget;
  private final HeadParser parser;
  private @Nullable ChannelHandlerContext context;
  private @Nullable MessageWriter writer;
  private @Nullable Unread unread;
  private @Nullable Listener listener;
  private @Nullable Owner owner;
  private State state = State.IDLE;
  private BodyReader body = NoBody.INSTANCE;
  private boolean toHead;
  private boolean paused;
  private boolean requestEnded;
  private boolean keepAlive;
  private final Outflow outflow = new Outflow();

  /** Why nothing can be sent any more; null while it can. */
  private @Nullable IOException unsendable;

  /** It carries another protocol than HTTP. */
  private boolean switched;

  /**
   * @param heads of answers
   */
  public Http1Upstream(HeadBudget heads) {
    this.budget = heads.share();
    this.parser = HeadParser.ofHeads(MAX_LINE, MAX_HEAD, MAX_FIELDS, budget);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext newContext) {
    context = newContext;
    writer = new MessageWriter(newContext);
    unread = new Unread(newContext.channel(), this::take);
  }

  private ChannelHandlerContext context() {
    return made(context);
  }

  private MessageWriter writer() {
    return made(writer);
  }

  private Unread unread() {
    return made(unread);
  }

  private static <T> T made(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the connection was not made yet");
    }
    return part;
  }

  /** Says who keeps the connection; once, before the first request. */
  public void owner(Owner newOwner) {
    this.owner = newOwner;
  }

  public boolean isActive() {
    return state != State.GONE && context().channel().isActive();
  }

  /** Closes the connection; nobody is told. */
  public void close() {
    state = State.GONE;
    unread().close();
    parser.reset();
    body.close();
    writer().close();
    context().close();
  }

  // ---- from the exchange

  @Override
  public void send(RequestHead head, Listener newListener) {
    listener = newListener;
    state = State.AWAITING_HEAD;
    requestEnded = !head.hasBody();
    toHead = head.method().equals("HEAD");
    paused = false;
    ByteBuf out =
        writer()
            .head(
                head.method().length() + head.path().length() + head.query().length(),
                head.headers());
    out.writeCharSequence(head.method(), StandardCharsets.ISO_8859_1);
    out.writeByte(' ');
    out.writeCharSequence(head.path(), StandardCharsets.ISO_8859_1);
    out.writeCharSequence(head.query(), StandardCharsets.ISO_8859_1);
    out.writeBytes(VERSION);
    writer().fields(out, head.headers(), head.contentLength() == RequestHead.CHUNKED);
    writer().flush();
  }

  @Override
  public void write(ByteBuf data) {
    if (state == State.GONE || requestEnded) {
      data.release();
    } else {
      writer().body(data);
    }
  }

  @Override
  public void flush() {
    if (state != State.GONE) {
      writer().flush();
    }
  }

  @Override
  public void end(@Nullable Headers trailers) {
    if (state == State.GONE || requestEnded) {
      return;
    }
    requestEnded = true;
    writer().end(trailers);
    writer().flush();
    if (switched) {
      LingeringClose.endOutput(context().channel());
    } else if (state == State.IDLE) {
      handBack();
    }
  }

  @Override
  public boolean isWritable() {
    boolean writable = context().channel().isWritable();
    if (!writable) {
      outflow.begin();
    }
    return writable;
  }

  @Override
  public boolean hasTaken(long bytes, Duration within) {
    return outflow.hasMoved(context().channel(), bytes, within);
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    if (unread().retry() && listener != null) {
      listener.dataPaused();
    }
  }

  @Override
  public void cancel() {
    if (state == State.GONE) {
      return;
    }
    if (switched) {
      // The last words of the client are still on their way.
      state = State.GONE;
      unread().close();
      writer().flush();
      LingeringClose.closeSoon(context().channel());
    } else {
      close();
    }
  }

  @Override
  public void switchProtocols() {
    // The endpoint may have spoken already: its bytes are taken once the listener returns.
    state = State.IN_BODY;
    body = new UntilCloseBody();
    switched = true;
    keepAlive = false;
    requestEnded = false;
  }

  // ---- from the connection

  @Override
  public void channelRead(ChannelHandlerContext ignored, Object message) {
    unread().add((ByteBuf) message);
  }

  /** Takes what can be taken now of what came. */
  private void take(ByteBuf in) {
    try {
      while (in.isReadable()) {
        Listener to = listener;
        if (to == null || state == State.IDLE || state == State.GONE) {
          unasked(in);
        } else if (state == State.SWITCHING || (paused && state == State.IN_BODY)) {
          return;
        } else if (state == State.AWAITING_HEAD) {
          if (parser.read(in)) {
            head(to);
          }
        } else {
          body(in, to);
        }
      }
    } catch (MalformedMessageException malformed) {
      in.skipBytes(in.readableBytes());
      failed(malformed);
    }
  }

  // Bytes that nobody asked for: whose answer they are can't be known any more.
  private void unasked(ByteBuf in) {
    in.skipBytes(in.readableBytes());
    if (state == State.IDLE) {
      context().close();
    }
  }

  private void head(Listener to) throws MalformedMessageException {
    StatusLine line =
        StatusLine.parse(parser.block(), parser.startLineStart(), parser.startLineEnd());
    Headers headers = parser.headers();
    parser.reset();
    BodyReader follows = Framing.ofResponse(line, toHead, headers, budget);
    int status = line.status();
    if (status == 101) {
      state = State.SWITCHING;
    } else if (status >= 200) {
      state = State.IN_BODY;
      keepAlive = KeepAlive.after(line.isHttp11(), headers);
      body = follows;
    }
    if (status < 200 || status == 204) {
      // Has no meaning there (RFC 9110 §8.6), and clients may wait for what it says.
      headers.removeAll(LENGTH);
    }
    to.head(new ResponseHead(status, headers));
    if (state == State.IN_BODY && body.isComplete()) {
      responseEnded(to);
    }
  }

  private void body(ByteBuf in, Listener to) throws MalformedMessageException {
    ByteBuf data = body.read(in);
    if (data != null) {
      to.data(data);
    }
    // The listener may have cancelled meanwhile.
    if (state == State.IN_BODY && body.isComplete()) {
      responseEnded(to);
    }
  }

  private void responseEnded(Listener to) {
    state = State.IDLE;
    listener = null;
    Headers trailers = body.trailers();
    body = NoBody.INSTANCE;
    to.end(trailers);
    if (requestEnded) {
      handBack();
    }
  }

  private void handBack() {
    if (state != State.IDLE) {
      return;
    }
    listener = null;
    if (keepAlive && owner != null && context().channel().isActive()) {
      owner.idle(this);
    } else {
      close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ignored) {
    if (listener != null) {
      listener.dataPaused();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ignored) {
    if (listener != null && context().channel().isWritable()) {
      listener.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ignored) {
    // The connection is not read any more while bytes wait, but its end brings all there are.
    paused = false;
    unread().retry();
    Listener to = listener;
    if (state == State.IN_BODY && to != null && body.endsWithConnection()) {
      keepAlive = false;
      responseEnded(to);
    } else {
      failed(
          unsendable == null
              ? new ConnectionLostException("the endpoint closed the connection")
              : unsendable);
    }
  }

  /**
   * An endpoint that refuses a body may answer, and close without reading it: writing fails then,
   * but the answer is still to be read. After it comes the connection's end.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
    if (cause instanceof IOException failed && state != State.IDLE) {
      unsendable = unsendable == null ? failed : unsendable;
    } else {
      failed(cause);
    }
  }

  private void failed(Throwable cause) {
    Listener to = listener;
    State before = state;
    listener = null;
    if (before == State.GONE) {
      return;
    }
    close();
    if (before == State.IDLE && owner != null) {
      owner.closed(this);
    } else if (to != null) {
      to.aborted(cause);
    }
  }
}
