package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ConnectionEvent;
import dev.fairlead.proxy.message.RawRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection from a client: one exchange after the other. A request that comes while
 * another is being answered waits in the inbox, and what is behind it is not read. The last handler
 * of the pipeline.
 */
final class Http1Server extends ChannelInboundHandlerAdapter implements Inbox.Taker {

  private final Channel channel;
  private final ClientInfo client;
  private final RequestHandler requests;
  private final BooleanSupplier draining;
  private final HeadDeadline deadline;
  private final Inbox inbox;

  private @Nullable Http1ClientStream current;

  /** No request is begun any more. */
  private boolean closing;

  Http1Server(
      Channel channel,
      ClientInfo client,
      RequestHandler requests,
      BooleanSupplier draining,
      HeadDeadline deadline) {
    this.channel = channel;
    this.client = client;
    this.requests = requests;
    this.draining = draining;
    this.deadline = deadline;
    this.inbox = new Inbox(channel, this);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline.awaitFirst();
    inbox.open();
  }

  // ---- from the connection

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    inbox.add(message);
  }

  @Override
  public boolean take(Object message) {
    if (message instanceof HttpRequest request && !closing) {
      // Who does not take its answers gets no more of them: they would pile up here.
      if (current != null || !channel.isWritable()) {
        return false;
      }
      begin(request);
    } else if (message instanceof HttpContent content && current != null) {
      body(content, current);
    } else {
      // What nobody wants any more, and the empty piece behind a request that was answered at once.
      ReferenceCountUtil.release(message);
    }
    return true;
  }

  private void begin(HttpRequest request) {
    deadline.arrived();
    inbox.shut();
    RawRequest.Version version = version(request.protocolVersion());
    if (request.decoderResult().isFailure()) {
      refuse(failure(request.decoderResult().cause()));
    } else if (version == null) {
      refuse(Failure.BAD_REQUEST);
    } else {
      Http1ClientStream stream = Http1ClientStream.of(this, client, request);
      current = stream;
      requests.handle(
          stream,
          new RawRequest(
              version,
              request.method().name(),
              request.uri(),
              null,
              HeaderCopy.fromHttp1(request.headers()),
              stream.bodyFollows()));
    }
  }

  // What came can't be read, so neither can what follows.
  private void refuse(Failure failure) {
    closing = true;
    Http1ClientStream stream = Http1ClientStream.unreadable(this, client);
    current = stream;
    requests.refuse(stream, failure);
  }

  private void body(HttpContent content, Http1ClientStream stream) {
    if (content.decoderResult().isFailure()) {
      content.release();
      stream.aborted(content.decoderResult().cause());
      channel.close();
      return;
    }
    stream.received(content);
  }

  @Override
  public void taken() {
    if (current != null) {
      current.readComplete();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    taken();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (!channel.isWritable()) {
      return;
    }
    if (current != null) {
      current.writable();
    } else if (!closing) {
      inbox.open();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (HeadDeadline.EXPIRED.equals(event) && current == null && !closing) {
      refuse(Failure.REQUEST_TIMEOUT);
    } else if (event == ConnectionEvent.DRAIN) {
      drain();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  // Who has sent a part of a head gets an answer, the last one.
  private void drain() {
    if (current == null && deadline.isIdle()) {
      channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    inbox.close();
    if (current != null) {
      current.aborted(new ConnectionLostException("the client closed the connection"));
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    inbox.close();
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

  void pause() {
    inbox.shut();
  }

  void resume() {
    inbox.open();
  }

  boolean isLast() {
    return closing || draining.getAsBoolean();
  }

  /**
   * The response of the current stream was written.
   *
   * @param reusable whether the connection can take another
   */
  void ended(boolean reusable) {
    current = null;
    if (!reusable || isLast()) {
      closing = true;
      deadline.awaitClose();
      inbox.open();
      LingeringClose.close(channel);
      return;
    }
    deadline.awaitNext();
    if (inbox.isEmpty()) {
      inbox.open();
    } else {
      // Not from within the end of the exchange before, which has its connection to give back yet.
      channel.eventLoop().execute(inbox::open);
    }
  }

  /** Takes HTTP off the connection, once what was written for it is on its way. */
  void switchProtocols() {
    current = null;
    inbox.shut();
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.remove(HttpRequestDecoder.class);
    pipeline.remove(HttpResponseEncoder.class);
    pipeline.remove(deadline);
    if (!inbox.isEmpty()) {
      // Bytes for the other protocol before it was agreed on: they were read as HTTP, so they are
      // lost (RFC 9110 §7.8).
      channel.close();
    }
    pipeline.remove(this);
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
