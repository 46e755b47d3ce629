package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
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
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** The client's side of one exchange over HTTP/1.1. */
final class Http1ClientStream implements ClientStream {

  private final Http1Server server;
  private final Channel channel;
  private final ClientInfo client;
  private final HttpVersion version;
  private final boolean head;
  private final boolean bodyFollows;

  private @Nullable StreamListener listener;
  private boolean keepAlive;
  private boolean requestEnded;
  private boolean responseBegun;
  private boolean responseEnded;
  private boolean gone;

  /** Where the end of the connection is the only end that the client sees of the response. */
  private boolean endedByClose;

  private Http1ClientStream(
      Http1Server server,
      ClientInfo client,
      HttpVersion version,
      boolean head,
      boolean keepAlive,
      boolean bodyFollows) {
    this.server = server;
    this.channel = server.channel();
    this.client = client;
    this.version = version;
    this.head = head;
    this.keepAlive = keepAlive;
    this.bodyFollows = bodyFollows;
    this.requestEnded = !bodyFollows;
  }

  static Http1ClientStream of(Http1Server server, ClientInfo client, HttpRequest request) {
    boolean bodyFollows =
        HttpUtil.isTransferEncodingChunked(request)
            || (request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                && !"0".equals(request.headers().get(HttpHeaderNames.CONTENT_LENGTH)));
    return new Http1ClientStream(
        server,
        client,
        request.protocolVersion(),
        HttpMethod.HEAD.equals(request.method()),
        HttpUtil.isKeepAlive(request),
        bodyFollows);
  }

  /** For the answer to what is no request. */
  static Http1ClientStream unreadable(Http1Server server, ClientInfo client) {
    return new Http1ClientStream(server, client, HttpVersion.HTTP_1_1, false, false, false);
  }

  boolean bodyFollows() {
    return bodyFollows;
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
    return channel.eventLoop();
  }

  @Override
  public ClientInfo client() {
    return client;
  }

  @Override
  public void listener(StreamListener newListener) {
    listener = newListener;
    if (gone) {
      channel.eventLoop().execute(() -> newListener.aborted(ConnectionLostException.before()));
    }
  }

  @Override
  public void pause() {
    if (!gone && !responseEnded) {
      server.pause();
    }
  }

  @Override
  public void resume() {
    if (!gone && !responseEnded) {
      server.resume();
    }
  }

  @Override
  public void inform(ResponseHead informational) {
    // HTTP/1.0 knows none (RFC 9110 §15.2).
    if (version.equals(HttpVersion.HTTP_1_1)) {
      channel.write(netty(informational));
      channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, channel.voidPromise());
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
        endedByClose = true;
      }
    }
    // Nobody listens: nobody will read the rest of the request.
    keepAlive &= !server.isLast() && (requestEnded || listener != null);
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (version.equals(HttpVersion.HTTP_1_0)) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    responseBegun = true;
    channel.write(netty, channel.voidPromise());
  }

  @Override
  public void write(ByteBuf data) {
    if (head || gone) {
      data.release();
    } else {
      channel.write(new DefaultHttpContent(data), channel.voidPromise());
    }
  }

  @Override
  public void flush() {
    channel.flush();
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
    channel.writeAndFlush(last, channel.voidPromise());
    server.ended(keepAlive && requestEnded);
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public void abort() {
    if (!gone) {
      gone = true;
      if (responseBegun && endedByClose) {
        // An orderly close would look like the end of the response: this makes it a reset.
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
      }
      channel.close();
    }
  }

  @Override
  public Channel switchProtocols(ResponseHead switching) {
    channel.write(netty(switching));
    channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, channel.voidPromise());
    gone = true;
    server.switchProtocols();
    return channel;
  }

  private static DefaultHttpResponse netty(ResponseHead response) {
    return new DefaultHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(response.status()),
        HeaderCopy.toHttp1(response.headers()));
  }
}
