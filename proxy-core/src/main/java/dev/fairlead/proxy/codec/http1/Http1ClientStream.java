package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The client's side of one exchange over HTTP/1.1. */
final class Http1ClientStream implements ClientStream {

  private static final int STATUS_LINE_BYTES = 64;
  private static final byte[] CLOSE = MessageWriter.ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = MessageWriter.ascii("Connection: keep-alive\r\n");

  private final Http1Server server;
  private final Channel channel;
  private final MessageWriter writer;
  private final ClientInfo client;
  private final boolean isHttp11;
  private final boolean toHead;

  private @Nullable StreamListener listener;
  private boolean keepAlive;
  private boolean paused = true;
  private boolean requestEnded;
  private boolean responseEnded;
  private boolean gone;
  private boolean declined;
  private long given;

  /** Something was written since {@link #hasMoved} was asked. */
  private boolean moved;

  /** Where the end of the connection is the only end that the client sees of the response. */
  private boolean endedByClose;

  private Http1ClientStream(
      Http1Server server,
      MessageWriter writer,
      ClientInfo client,
      boolean isHttp11,
      boolean toHead,
      boolean keepAlive,
      boolean bodyFollows) {
    this.server = server;
    this.channel = server.channel();
    this.writer = writer;
    this.client = client;
    this.isHttp11 = isHttp11;
    this.toHead = toHead;
    this.keepAlive = keepAlive;
    this.requestEnded = !bodyFollows;
  }

  static Http1ClientStream of(
      Http1Server server,
      MessageWriter writer,
      ClientInfo client,
      RequestLine line,
      Headers headers,
      boolean bodyFollows) {
    boolean isHttp11 = line.version() == Version.HTTP_1_1;
    return new Http1ClientStream(
        server,
        writer,
        client,
        isHttp11,
        line.method().equals("HEAD"),
        KeepAlive.after(isHttp11, headers),
        bodyFollows);
  }

  /** For the answer to what is no request. */
  static Http1ClientStream unreadable(Http1Server server, MessageWriter writer, ClientInfo client) {
    return new Http1ClientStream(server, writer, client, true, false, false, false);
  }

  // ---- from the connection

  boolean isPaused() {
    return paused && !gone && !responseEnded;
  }

  void received(ByteBuf data) {
    given += data.readableBytes();
    StreamListener to = listener;
    if (gone || to == null) {
      data.release();
    } else {
      to.data(data);
    }
  }

  void requestEnded(@Nullable Headers trailers) {
    if (!requestEnded && !gone) {
      requestEnded = true;
      if (listener != null) {
        listener.end(trailers);
      }
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

  /** Whether something was written since this was asked last. */
  boolean hasMoved() {
    boolean since = moved;
    moved = false;
    return since;
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
    paused = true;
  }

  @Override
  public void resume() {
    if (!gone && !responseEnded) {
      paused = false;
      server.resumed();
    }
  }

  @Override
  public long given() {
    return given;
  }

  @Override
  public void decline() {
    declined = true;
  }

  @Override
  public void inform(ResponseHead informational) {
    // HTTP/1.0 knows none (RFC 9110 §15.2).
    if (isHttp11 && !gone) {
      head(informational, false, null);
      writer.flush();
    }
  }

  @Override
  public void respond(ResponseHead response) {
    if (gone) {
      return;
    }
    boolean empty = toHead || response.status() == 204 || response.status() == 304;
    boolean inChunks = false;
    if (!empty && !response.headers().has(FieldName.CONTENT_LENGTH)) {
      inChunks = isHttp11;
      endedByClose = !isHttp11;
    }
    if (endedByClose) {
      // Until all is written an end by whatever reason is a reset: an orderly one would look like
      // the end of the response.
      linger(0);
    }
    // Where nobody listens, too, nobody will read the rest of the request.
    boolean unread = !requestEnded && (declined || listener == null);
    keepAlive &= !endedByClose && !server.isLast() && !unread;
    head(response, inChunks, keepAlive ? isHttp11 ? null : KEEP_ALIVE : CLOSE);
  }

  private void head(ResponseHead head, boolean inChunks, byte @Nullable [] connection) {
    moved = true;
    ByteBuf out = writer.head(STATUS_LINE_BYTES, head.headers());
    StatusLine.write(head.status(), out);
    if (connection != null) {
      out.writeBytes(connection);
    }
    writer.fields(out, head.headers(), inChunks);
  }

  @Override
  public void write(ByteBuf data) {
    if (toHead || gone) {
      data.release();
    } else {
      moved = true;
      writer.body(data);
    }
  }

  @Override
  public void flush() {
    if (!gone) {
      writer.flush();
    }
  }

  @Override
  public void end(@Nullable Headers trailers) {
    if (gone || responseEnded) {
      return;
    }
    responseEnded = true;
    writer.end(trailers);
    writer.flush();
    if (endedByClose) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> linger(-1));
    }
    server.ended(keepAlive && requestEnded);
  }

  // SO_LINGER, in seconds.
  private void linger(int seconds) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, seconds);
    }
  }

  @Override
  public boolean isWritable() {
    boolean writable = channel.isWritable();
    if (!writable) {
      server.outflow().begin();
    }
    return writable;
  }

  @Override
  public boolean hasTaken(long bytes, Duration within) {
    return server.outflow().hasMoved(channel, bytes, within);
  }

  @Override
  public void abort(@Nullable Throwable cause) {
    if (!gone) {
      gone = true;
      channel.close();
    }
  }

  @Override
  public void switchProtocols(ResponseHead switching) {
    keepAlive = false;
    requestEnded = false;
    head(switching, false, null);
    writer.flush();
    server.switchProtocols();
  }
}
