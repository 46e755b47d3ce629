package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.http.LocalResponse;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.RawRequest;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection from a client: one exchange after the other. A request that comes while
 * another is being answered waits, unread. Sits behind a {@code FlowControlHandler}, so that a
 * paused channel delivers nothing more.
 */
final class Http1Server extends ChannelInboundHandlerAdapter {

  private final ClientInfo client;
  private final RequestHandler requests;
  private final BooleanSupplier draining;
  private final HeadDeadline deadline;

  private @Nullable Http1ClientStream current;
  private @Nullable HttpRequest next;

  Http1Server(
      ClientInfo client, RequestHandler requests, BooleanSupplier draining, HeadDeadline deadline) {
    this.client = client;
    this.requests = requests;
    this.draining = draining;
    this.deadline = deadline;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline.awaitFirst(context.pipeline().context(deadline));
    context.channel().config().setAutoRead(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      if (current != null) {
        next = request;
        context.channel().config().setAutoRead(false);
      } else {
        begin(context, request);
      }
    } else if (message instanceof HttpContent content && current != null && next == null) {
      body(context, current, content);
    } else {
      // What follows a request that was refused, or bytes after an upgrade was asked for.
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    deadline.arrived();
    context.channel().config().setAutoRead(false);
    Http1ClientStream stream = new Http1ClientStream(context, this, client, request);
    current = stream;
    if (request.decoderResult().isFailure()) {
      stream.closeAfterwards();
      requests.refuse(stream, failure(request.decoderResult().cause()));
      return;
    }
    RawRequest.Version version = version(request.protocolVersion());
    if (version == null) {
      stream.closeAfterwards();
      requests.refuse(stream, Failure.BAD_REQUEST);
      return;
    }
    RawRequest raw =
        new RawRequest(
            version,
            request.method().name(),
            request.uri(),
            null,
            HeaderCopy.fromHttp1(request.headers()),
            stream.bodyFollows());
    requests.handle(stream, raw);
  }

  private static void body(
      ChannelHandlerContext context, Http1ClientStream stream, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      stream.aborted(content.decoderResult().cause());
      context.close();
      return;
    }
    stream.received(content);
  }

  /**
   * The response of {@code stream} was written; {@code reusable} tells whether another may come.
   */
  void ended(ChannelHandlerContext context, boolean reusable) {
    current = null;
    if (!reusable || draining.getAsBoolean()) {
      ReferenceCountUtil.release(next);
      next = null;
      LingeringClose.close(context);
      return;
    }
    HttpRequest waiting = next;
    next = null;
    if (waiting != null) {
      // Not from within the end of the exchange before: a long pipeline would pile up the stack.
      context.executor().execute(() -> beginWaiting(context, waiting));
      return;
    }
    deadline.awaitNext(context.pipeline().context(deadline));
    context.channel().config().setAutoRead(true);
  }

  private void beginWaiting(ChannelHandlerContext context, HttpRequest waiting) {
    if (context.channel().isActive()) {
      begin(context, waiting);
    }
  }

  /** The exchange goes on without HTTP. */
  void switched() {
    current = null;
    deadline.arrived();
  }

  boolean isDraining() {
    return draining.getAsBoolean();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (current != null) {
      current.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (current != null && context.channel().isWritable()) {
      current.writable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (HeadDeadline.EXPIRED.equals(event) && current == null) {
      answerLateHead(context);
    } else if (ServerPipelines.DRAIN.equals(event) && current == null) {
      context.close();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ReferenceCountUtil.release(next);
    next = null;
    if (current != null) {
      current.aborted(new ConnectionLostException("the client closed the connection"));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (current != null) {
      current.aborted(cause);
    }
    context.close();
  }

  /** Bytes of the request may come; not while another request waits behind it. */
  void resume(ChannelHandlerContext context) {
    if (next == null) {
      context.channel().config().setAutoRead(true);
    }
  }

  private static void answerLateHead(ChannelHandlerContext context) {
    LocalResponse late = LocalResponse.of(Failure.REQUEST_TIMEOUT, null);
    late.head().headers().add("Connection", "close");
    context.write(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(late.head().status()),
            Unpooled.copiedBuffer(late.body(), StandardCharsets.UTF_8),
            HeaderCopy.toHttp1(late.head().headers()),
            EmptyHttpHeaders.INSTANCE));
    LingeringClose.close(context);
  }

  private static RawRequest.@Nullable Version version(HttpVersion version) {
    if (version.equals(HttpVersion.HTTP_1_1)) {
      return RawRequest.Version.HTTP_1_1;
    }
    return version.equals(HttpVersion.HTTP_1_0) ? RawRequest.Version.HTTP_1_0 : null;
  }

  private static Failure failure(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Failure.URI_TOO_LONG;
    }
    return cause instanceof TooLongHttpHeaderException
        ? Failure.HEADERS_TOO_LARGE
        : Failure.BAD_REQUEST;
  }
}
