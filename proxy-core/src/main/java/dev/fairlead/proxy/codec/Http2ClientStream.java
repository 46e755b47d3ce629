package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange over HTTP/2: one stream (RFC 9113 §5), which is a child channel
 * of the connection. While its inbox is shut the child is not read, and then the peer's window is
 * not opened again.
 */
final class Http2ClientStream extends ChannelInboundHandlerAdapter
    implements ClientStream, Inbox.Taker {

  private final Channel stream;
  private final Http2Connection connection;
  private final ClientInfo client;
  private final RequestHandler requests;
  private final Duration idle;
  private final Inbox inbox;

  private @Nullable StreamListener listener;
  private boolean begun;
  private boolean requestEnded;
  private boolean responseEnded;
  private boolean gone;

  /**
   * A stream that was just opened.
   *
   * @param idle how long the end of a response may wait for the client to take it
   */
  Http2ClientStream(
      Channel stream,
      Http2Connection connection,
      ClientInfo client,
      RequestHandler requests,
      Duration idle) {
    this.idle = idle;
    this.stream = stream;
    this.connection = connection;
    this.client = client;
    this.requests = requests;
    this.inbox = new Inbox(stream, this);
  }

  // ---- from the connection

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    connection.opened(this);
    inbox.open();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    inbox.add(message);
  }

  @Override
  public boolean take(Object message) {
    if (message instanceof Http2HeadersFrame frame) {
      if (begun) {
        ended(HeaderCopy.fromHttp2(frame.headers()));
      } else {
        begin(frame);
      }
    } else if (message instanceof Http2DataFrame frame) {
      data(frame);
    } else {
      ReferenceCountUtil.release(message);
    }
    return true;
  }

  private void begin(Http2HeadersFrame frame) {
    begun = true;
    requestEnded = frame.isEndStream();
    inbox.shut();
    Http2Headers headers = frame.headers();
    RawRequest raw =
        new RawRequest(
            RawRequest.Version.HTTP_2,
            text(headers.method()),
            text(headers.path()),
            headers.authority() == null ? null : headers.authority().toString(),
            HeaderCopy.fromHttp2(headers),
            !frame.isEndStream());
    requests.handle(this, raw);
  }

  private void data(Http2DataFrame frame) {
    StreamListener to = listener;
    if (to == null || gone || responseEnded) {
      frame.release();
      return;
    }
    boolean last = frame.isEndStream();
    if (frame.content().isReadable()) {
      to.data(frame.content());
    } else {
      frame.release();
    }
    if (last) {
      ended(null);
    }
  }

  private void ended(@Nullable Headers trailers) {
    if (!requestEnded && !gone) {
      requestEnded = true;
      if (listener != null && !responseEnded) {
        listener.end(trailers);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    taken();
  }

  @Override
  public void taken() {
    if (listener != null && !gone && !responseEnded) {
      listener.dataPaused();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (listener != null && !gone && !responseEnded && stream.isWritable()) {
      listener.writable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof Http2ResetFrame) {
      aborted(new ConnectionLostException("the client reset the stream"));
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    connection.closed(this);
    inbox.close();
    aborted(new ConnectionLostException("the client closed the stream"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    aborted(cause);
    context.close();
  }

  /** The connection is gone; with it what this stream has not read. */
  void lost(Throwable cause) {
    aborted(cause);
    stream.close();
  }

  private void aborted(Throwable cause) {
    if (!gone && !responseEnded) {
      gone = true;
      // Netty keeps the stream until all that came for it was read: it is dropped now.
      inbox.open();
      if (listener != null) {
        listener.aborted(cause);
      }
    }
  }

  // ---- from the exchange

  @Override
  public EventLoop eventLoop() {
    return stream.eventLoop();
  }

  @Override
  public ClientInfo client() {
    return client;
  }

  @Override
  public void listener(StreamListener newListener) {
    listener = newListener;
    if (gone) {
      stream.eventLoop().execute(() -> newListener.aborted(ConnectionLostException.before()));
    }
  }

  @Override
  public void pause() {
    inbox.shut();
  }

  @Override
  public void resume() {
    if (!gone && !responseEnded) {
      inbox.open();
    }
  }

  @Override
  public void inform(ResponseHead informational) {
    stream.writeAndFlush(headers(informational));
  }

  @Override
  public void respond(ResponseHead response) {
    stream.write(headers(response));
  }

  @Override
  public void write(ByteBuf data) {
    stream.write(new DefaultHttp2DataFrame(data));
  }

  @Override
  public void flush() {
    stream.flush();
  }

  @Override
  public void end(@Nullable Headers trailers) {
    if (gone || responseEnded) {
      return;
    }
    responseEnded = true;
    ChannelFuture written =
        stream.writeAndFlush(
            trailers == null
                ? new DefaultHttp2DataFrame(true)
                : new DefaultHttp2HeadersFrame(HeaderCopy.toHttp2(trailers), true));
    resetWhenNotTaken(written);
    if (!requestEnded) {
      // The rest of the request is not wanted (RFC 9113 §8.1). A reset drops what is not written
      // yet, so it comes when all of the response is.
      inbox.open();
      written.addListener(
          done -> stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR)));
    }
  }

  // The exchange is over and watches no more, but what the client's window did not let through is
  // still here.
  private void resetWhenNotTaken(ChannelFuture written) {
    if (!written.isDone()) {
      ScheduledFuture<?> late =
          eventLoop()
              .schedule(
                  () -> stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)),
                  idle.toNanos(),
                  TimeUnit.NANOSECONDS);
      written.addListener(done -> late.cancel(false));
    }
  }

  @Override
  public boolean isWritable() {
    return stream.isWritable();
  }

  @Override
  public void abort() {
    if (!gone) {
      gone = true;
      stream
          .writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public Channel switchProtocols(ResponseHead head) {
    throw new UnsupportedOperationException("HTTP/2 has no 101 (RFC 9113 §8.6)");
  }

  private static DefaultHttp2HeadersFrame headers(ResponseHead response) {
    Http2Headers headers = HeaderCopy.toHttp2(response.headers());
    headers.status(Integer.toString(response.status()));
    return new DefaultHttp2HeadersFrame(headers, false);
  }

  private static String text(@Nullable CharSequence value) {
    return value == null ? "" : value.toString();
  }
}
