package dev.fairlead.proxy.codec.http1;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.codec.LingeringClose;
import dev.fairlead.proxy.codec.MemoryHolder;
import dev.fairlead.proxy.codec.RequestHandler;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ConnectionEvent;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.transport.Outflow;
import dev.fairlead.proxy.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection from a client: one exchange after the other. A request that comes while
 * another is being answered is kept as bytes, and what is behind it is not read. The last handler
 * of the pipeline. Longer than most, as the ends of a connection concern all of its states; what
 * stands alone is in {@link HeadDeadline}, {@link HalfClosed}, {@link Unread} and {@link Framing}.
 */
public final class Http1Server extends ChannelInboundHandlerAdapter implements MemoryHolder {

  private final Channel channel;
  private final ClientInfo client;
  private final RequestHandler requests;
  private final HeadDeadline deadline;
  private final LimitSettings limits;
  private final Runnable firstRequest;
  private final HeadBudget.Share budget;
  private final HeadParser parser;
  private final Unread unread;
  private final Outflow outflow = new Outflow();

  private @Nullable MessageWriter writer;
  private @Nullable Http1ClientStream current;
  private BodyReader body = NoBody.INSTANCE;
  private int requestCount;

  /** What the request under way is counted for. */
  private int underWay;

  /** No request is begun any more. */
  private boolean closing;

  /** The next answer says that it is the last one. */
  private boolean draining;

  /** Nothing was under way when {@link #closeIfIdle} looked, and nothing has begun since. */
  private boolean idle;

  /** The client sends nothing more (FIN); it may still wait for answers to what it sent. */
  private boolean inputEnded;

  /**
   * @param heads of requests
   * @param firstRequest told when the head of the first one has come
   */
  public Http1Server(
      Channel channel,
      ClientInfo client,
      RequestHandler requests,
      Deadlines.OfLoop deadlines,
      LimitSettings limits,
      HeadBudget heads,
      Runnable firstRequest) {
    this.channel = channel;
    this.client = client;
    this.requests = requests;
    this.deadline = new HeadDeadline(deadlines, limits, this);
    this.limits = limits;
    this.firstRequest = firstRequest;
    this.budget = heads.share();
    this.parser =
        HeadParser.ofHeads(
            limits.uriLength() + RequestLine.MAX_REST,
            limits.headerBytes(),
            limits.headerCount(),
            budget);
    this.unread = new Unread(channel, this::take);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    writer = new MessageWriter(context);
    deadline.awaitFirst();
    // Not by TLS: its engine answers a close_notify with its own, and both directions are closed.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, !client.secure());
    channel.config().setAutoRead(true);
  }

  @Override
  public long requestBytes() {
    return budget.underWay();
  }

  @Override
  public long bufferBytes() {
    return unread.heldBytes()
        + Transport.unsentBytes(channel)
        + (channel.isWritable() ? 0 : BEHIND_A_FULL_SINK);
  }

  // ---- from the connection

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    unread.add((ByteBuf) message);
  }

  /** Takes what can be taken now of what came. */
  private void take(ByteBuf in) {
    while (in.isReadable()) {
      Http1ClientStream stream = current;
      if (closing && stream == null) {
        in.skipBytes(in.readableBytes());
      } else if (stream == null) {
        // Who does not take its answers gets no more of them: they would pile up here.
        if (!channel.isWritable()) {
          return;
        }
        head(in);
      } else if (body.isComplete() || stream.isPaused()) {
        return;
      } else {
        body(in, stream);
      }
    }
  }

  private void head(ByteBuf in) {
    try {
      if (parser.read(in)) {
        deadline.cancel();
        begin();
      } else {
        deadline.awaitRest();
      }
    } catch (MalformedMessageException malformed) {
      refuse(malformed.failure());
    }
  }

  private void begin() throws MalformedMessageException {
    RequestLine line =
        RequestLine.parse(
            parser.block(), parser.startLineStart(), parser.startLineEnd(), limits.uriLength());
    Headers headers = parser.headers();
    parser.reset();
    idle = false;
    body = Framing.ofRequest(line.version(), headers, budget);
    boolean bodyFollows = !body.isComplete();
    underWay = budget.begun(headers.maxWireBytes());
    if (requestCount++ == 0) {
      firstRequest.run();
    }
    Http1ClientStream stream =
        Http1ClientStream.of(this, writer(), client, line, headers, bodyFollows);
    current = stream;
    requests.handle(
        stream,
        new RawRequest(line.version(), line.method(), line.target(), null, headers, bodyFollows));
    if (inputEnded && current == stream) {
      HalfClosed.watch(this, stream);
    }
  }

  // What came can't be read, so neither can what follows.
  private void refuse(Failure failure) {
    closing = true;
    deadline.cancel();
    parser.reset();
    body = NoBody.INSTANCE;
    Http1ClientStream stream = Http1ClientStream.unreadable(this, writer(), client);
    current = stream;
    requests.refuse(stream, failure);
  }

  private void body(ByteBuf in, Http1ClientStream stream) {
    try {
      ByteBuf data = body.read(in);
      if (data != null) {
        stream.received(data);
      }
      if (body.isComplete()) {
        stream.requestEnded(body.trailers());
      }
    } catch (MalformedMessageException malformed) {
      in.skipBytes(in.readableBytes());
      stream.aborted(malformed);
      channel.close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (current != null) {
      current.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (!channel.isWritable()) {
      return;
    }
    if (current != null) {
      current.writable();
    } else {
      unread.retry();
      endIfNothingFollows();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ConnectionEvent.DRAIN) {
      draining = true;
    } else if (event == ConnectionEvent.CLOSE_IDLE) {
      closeIfIdle();
    } else if (event == ChannelInputShutdownEvent.INSTANCE) {
      inputEnded();
    } else if (event instanceof SslCloseCompletionEvent) {
      tlsEnded();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  // Who has sent a part of a head gets an answer, the last one. Who seems idle at one look may have
  // a request on its way: no answer has said yet that it is the last one.
  private void closeIfIdle() {
    boolean before = idle;
    idle = current == null && !closing && parser.isEmpty() && unread.isEmpty();
    if (before && idle) {
      closeWhenWritten();
    }
  }

  // Also told of what comes behind our own close_notify, which is dropped for a moment then.
  private void tlsEnded() {
    if (!closing) {
      channel.close();
    }
  }

  private void inputEnded() {
    inputEnded = true;
    if (current != null) {
      HalfClosed.watch(this, current);
    }
    endIfNothingFollows();
  }

  /** The connection is over when all that came is answered, or can't be. */
  private void endIfNothingFollows() {
    if (!inputEnded || closing || !unread.isEmpty()) {
      return;
    }
    if (current == null) {
      closeWhenWritten();
    } else if (!body.isComplete()) {
      lost(current);
    }
  }

  /** Whether an answer to this one is still to be written. */
  boolean isAnswering(Http1ClientStream stream) {
    return current == stream;
  }

  /** Nobody is there who could take the answer. */
  void lost(Http1ClientStream stream) {
    stream.aborted(new ConnectionLostException("the client closed the connection"));
    channel.close();
  }

  void headIsLate() {
    if (current == null && !closing) {
      refuse(Failure.REQUEST_TIMEOUT);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (current != null && body.endsWithConnection()) {
      // What came before the end of another protocol is a part of it.
      current.resume();
    }
    close();
    if (current != null) {
      current.aborted(new ConnectionLostException("the client closed the connection"));
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    close();
  }

  private void close() {
    closing = true;
    deadline.cancel();
    unread.close();
    forget();
    requestEnded();
    writer().close();
  }

  private void requestEnded() {
    budget.ended(underWay);
    underWay = 0;
  }

  /** What has come of a head or of trailers, to which nothing is added any more. */
  private void forget() {
    parser.reset();
    body.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (current != null) {
      current.aborted(cause);
    }
    context.close();
  }

  // ---- from the stream

  Channel channel() {
    return channel;
  }

  Outflow outflow() {
    return outflow;
  }

  private MessageWriter writer() {
    if (writer == null) {
      throw new IllegalStateException("the connection has no pipeline yet");
    }
    return writer;
  }

  /** The stream takes more of its body. */
  void resumed() {
    if (unread.retry() && current != null) {
      current.readComplete();
    }
    endIfNothingFollows();
  }

  /** Whether the connection ends with the response that begins. */
  boolean isLast() {
    return closing
        || requestCount >= limits.requestsPerConnection()
        || (draining && !unread.hasMore())
        || (inputEnded && unread.isEmpty());
  }

  /**
   * The response of the current stream was written. Where it has not said that it was the last one
   * the connection stays: the client may have sent its next request already.
   *
   * @param reusable whether the connection can take another
   */
  void ended(boolean reusable) {
    current = null;
    requestEnded();
    if (!reusable || closing || (inputEnded && unread.isEmpty())) {
      closeWhenWritten();
      return;
    }
    deadline.awaitNext();
    if (!unread.isEmpty()) {
      // Not from within the end of the exchange before, which has its connection to give back yet.
      channel.eventLoop().execute(this::next);
    }
  }

  private void next() {
    unread.retry();
    endIfNothingFollows();
  }

  private void closeWhenWritten() {
    closing = true;
    forget();
    deadline.awaitClose();
    unread.retry();
    LingeringClose.close(channel);
  }

  /** All that follows on the connection belongs to the current request. */
  void switchProtocols() {
    closing = true;
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    if (unread.isEmpty() && !inputEnded) {
      body = new UntilCloseBody();
    } else {
      // Bytes for the other protocol before it was agreed on: whoever sends them guesses, and may
      // mean a request that nobody else sees (RFC 9110 §7.8). Who has ended has none to send.
      channel.close();
    }
  }
}
