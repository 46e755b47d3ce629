package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.flow.FlowControlHandler;
import org.jspecify.annotations.Nullable;

/** The client's side of one exchange over HTTP/1.1. */
final class Http1ClientStream implements ClientStream {

  private final ChannelHandlerContext context;
  private final Http1Server server;
  private final ClientInfo client;
  private final HttpVersion version;
  private final boolean head;
  private final boolean bodyFollows;

  private @Nullable StreamListener listener;
  private boolean keepAlive;
  private boolean requestEnded;
  private boolean responseEnded;
  private boolean gone;

  Http1ClientStream(
      ChannelHandlerContext context, Http1Server server, ClientInfo client, HttpRequest request) {
    this.context = context;
    this.server = server;
    this.client = client;
    this.version = request.protocolVersion();
    this.head = HttpMethod.HEAD.equals(request.method());
    this.keepAlive = HttpUtil.isKeepAlive(request);
    this.bodyFollows =
        HttpUtil.isTransferEncodingChunked(request)
            || (request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                && !"0".equals(request.headers().get(HttpHeaderNames.CONTENT_LENGTH)));
    this.requestEnded = !bodyFollows;
  }

  boolean bodyFollows() {
    return bodyFollows;
  }

  void closeAfterwards() {
    keepAlive = false;
  }

  // ---- from the connection

  void received(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    StreamListener to = listener;
    if (!bodyFollows || requestEnded || gone || to == null) {
      // The empty piece behind a request that has no body.
      content.release();
      return;
    }
    if (content.content().isReadable()) {
      to.data(content.content());
    } else {
      content.release();
    }
    if (last && !gone) {
      requestEnded = true;
      to.end(HeaderCopy.trailersFromHttp1(((LastHttpContent) content).trailingHeaders()));
    }
  }

  void readComplete() {
    if (listener != null && !gone) {
      listener.dataPaused();
    }
  }

  void writable() {
    if (listener != null && !gone) {
      listener.writable();
    }
  }

  void aborted(Throwable cause) {
    if (!gone && !responseEnded) {
      gone = true;
      if (listener != null) {
        listener.aborted(cause);
      }
    }
  }

  // ---- from the exchange

  @Override
  public EventLoop eventLoop() {
    return context.channel().eventLoop();
  }

  @Override
  public ClientInfo client() {
    return client;
  }

  @Override
  public void listener(StreamListener newListener) {
    this.listener = newListener;
  }

  @Override
  public void pause() {
    context.channel().config().setAutoRead(false);
  }

  @Override
  public void resume() {
    if (!gone && !responseEnded) {
      server.resume(context);
    }
  }

  @Override
  public void inform(ResponseHead informational) {
    // HTTP/1.0 knows none (RFC 9110 §15.2).
    if (version.equals(HttpVersion.HTTP_1_1)) {
      context.write(netty(informational));
      context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, context.voidPromise());
    }
  }

  @Override
  public void respond(ResponseHead response) {
    DefaultHttpResponse netty = netty(response);
    HttpHeaders headers = netty.headers();
    boolean empty = head || response.status() == 204 || response.status() == 304;
    if (!empty && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      if (version.equals(HttpVersion.HTTP_1_1)) {
        headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      } else {
        keepAlive = false;
      }
    }
    keepAlive &= !server.isDraining();
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (version.equals(HttpVersion.HTTP_1_0)) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    context.write(netty, context.voidPromise());
  }

  @Override
  public void write(ByteBuf data) {
    context.write(new DefaultHttpContent(data), context.voidPromise());
  }

  @Override
  public void flush() {
    context.flush();
  }

  @Override
  public void end(@Nullable Headers trailers) {
    if (gone || responseEnded) {
      return;
    }
    responseEnded = true;
    LastHttpContent last = LastHttpContent.EMPTY_LAST_CONTENT;
    if (trailers != null) {
      last = new DefaultLastHttpContent();
      trailers.forEach(last.trailingHeaders()::add);
    }
    context.writeAndFlush(last, context.voidPromise());
    server.ended(context, keepAlive && requestEnded);
  }

  @Override
  public boolean isWritable() {
    return context.channel().isWritable();
  }

  @Override
  public void abort() {
    if (!gone) {
      gone = true;
      context.close();
    }
  }

  @Override
  public Channel switchProtocols(ResponseHead switching) {
    Channel channel = context.channel();
    channel.config().setAutoRead(false);
    context.write(netty(switching));
    context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, context.voidPromise());
    gone = true;
    server.switched();
    channel.pipeline().remove(HttpServerCodec.class);
    channel.pipeline().remove(FlowControlHandler.class);
    channel.pipeline().remove(HeadDeadline.class);
    channel.pipeline().remove(server);
    return channel;
  }

  private static DefaultHttpResponse netty(ResponseHead response) {
    return new DefaultHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(response.status()),
        HeaderCopy.toHttp1(response.headers()));
  }
}
