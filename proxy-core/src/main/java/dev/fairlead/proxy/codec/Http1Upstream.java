package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to an endpoint, and the stream of the request that is on it. Between two
 * requests it belongs to its {@link Owner} and reads, so that it notices when the endpoint closes
 * it. No pipelining: the next request is sent when the response before it has ended.
 */
public final class Http1Upstream extends ChannelInboundHandlerAdapter implements UpstreamStream {

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

  private final Deque<Object> beforeSwitch = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Listener listener;
  private @Nullable Owner owner;
  private State state = State.IDLE;
  private boolean requestEnded;
  private boolean keepAlive;

  Http1Upstream() {}

  @Override
  public void handlerAdded(ChannelHandlerContext newContext) {
    this.context = newContext;
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("the connection was not made yet");
    }
    return context;
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
    context().close();
  }

  // ---- from the exchange

  @Override
  public void send(RequestHead head, Listener newListener) {
    this.listener = newListener;
    this.state = State.AWAITING_HEAD;
    this.requestEnded = false;
    HttpHeaders headers = HeaderCopy.toHttp1(head.headers());
    frame(headers, head);
    context()
        .write(
            new DefaultHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(head.method()),
                head.path() + head.query(),
                headers));
    if (!head.hasBody()) {
      requestEnded = true;
      context().writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      context().flush();
    }
    resume();
  }

  private static void frame(HttpHeaders headers, RequestHead head) {
    if (head.contentLength() == RequestHead.CHUNKED) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
  }

  @Override
  public void write(ByteBuf data) {
    if (state == State.GONE || requestEnded) {
      data.release();
      return;
    }
    context().write(new DefaultHttpContent(data), context().voidPromise());
  }

  @Override
  public void flush() {
    context().flush();
  }

  @Override
  public void end(@Nullable Headers trailers) {
    if (state == State.GONE || requestEnded) {
      return;
    }
    requestEnded = true;
    LastHttpContent last = LastHttpContent.EMPTY_LAST_CONTENT;
    if (trailers != null) {
      last = new DefaultLastHttpContent();
      trailers.forEach(last.trailingHeaders()::add);
    }
    context().writeAndFlush(last, context().voidPromise());
    if (state == State.IDLE) {
      handBack();
    }
  }

  @Override
  public boolean isWritable() {
    return context().channel().isWritable();
  }

  @Override
  public void pause() {
    context().channel().config().setAutoRead(false);
  }

  @Override
  public void resume() {
    context().channel().config().setAutoRead(true);
  }

  @Override
  public void cancel() {
    if (state != State.GONE) {
      close();
    }
  }

  @Override
  public Channel switchProtocols() {
    Channel channel = context().channel();
    state = State.SWITCHING;
    // What the decoder still has comes to channelRead and from there into the queue.
    channel.pipeline().remove(HttpClientCodec.class);
    channel.pipeline().remove(this);
    channel.eventLoop().execute(() -> replay(channel));
    return channel;
  }

  // For who took the connection over meanwhile.
  private void replay(Channel channel) {
    beforeSwitch.forEach(data -> channel.pipeline().fireChannelRead(data));
    channel.pipeline().fireChannelReadComplete();
  }

  // ---- from the connection

  @Override
  public void channelRead(ChannelHandlerContext ignored, Object message) {
    if (state == State.SWITCHING && message instanceof ByteBuf) {
      beforeSwitch.add(message);
    } else if (message instanceof HttpObject object && listener != null && !isBetween()) {
      if (object.decoderResult().isFailure()) {
        ReferenceCountUtil.release(message);
        failed(object.decoderResult().cause());
      } else {
        received(object, listener);
      }
    } else {
      // Bytes that nobody asked for: whose answer they are can't be known any more.
      ReferenceCountUtil.release(message);
      if (state == State.IDLE) {
        context().close();
      }
    }
  }

  private boolean isBetween() {
    return state == State.IDLE || state == State.GONE;
  }

  private void received(HttpObject object, Listener to) {
    if (object instanceof HttpResponse response) {
      head(response, to);
    } else if (object instanceof HttpContent content) {
      if (state == State.IN_BODY) {
        body(content, to);
      } else {
        // The empty piece behind an informational head.
        content.release();
      }
    }
  }

  private void head(HttpResponse response, Listener to) {
    int status = response.status().code();
    Headers headers = HeaderCopy.fromHttp1(response.headers());
    if (status == 101) {
      state = State.SWITCHING;
      pause();
      // Later, since the decoder must not be removed while it is at work.
      context()
          .executor()
          .execute(
              () -> {
                if (state == State.SWITCHING) {
                  to.head(new ResponseHead(status, headers));
                }
              });
      return;
    }
    if (status >= 200) {
      state = State.IN_BODY;
      keepAlive = HttpUtil.isKeepAlive(response);
    }
    to.head(new ResponseHead(status, headers));
  }

  private void body(HttpContent content, Listener to) {
    boolean last = content instanceof LastHttpContent;
    if (content.content().isReadable()) {
      to.data(content.content());
    } else {
      content.release();
    }
    // The listener may have cancelled meanwhile.
    if (last && state == State.IN_BODY) {
      state = State.IDLE;
      listener = null;
      to.end(HeaderCopy.trailersFromHttp1(((LastHttpContent) content).trailingHeaders()));
      if (requestEnded) {
        handBack();
      }
    }
  }

  private void handBack() {
    if (state != State.IDLE) {
      return;
    }
    listener = null;
    if (keepAlive && owner != null && context().channel().isActive()) {
      resume();
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
    beforeSwitch.forEach(ReferenceCountUtil::release);
    failed(new ConnectionLostException("the endpoint closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
    failed(cause);
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
