package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.codec.LingeringClose;
import dev.fairlead.proxy.codec.UnprocessedException;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to an endpoint, which carries many requests at the same time. The last
 * handler of the pipeline of a connection that is open already; it takes buffers and writes
 * buffers. Event loop only.
 */
public final class Http2Upstream extends ChannelInboundHandlerAdapter {

  /** An answer that is so late, while nothing at all came, may mean that nobody is there. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /**
   * After so many resets it takes no further request. Apps end a connection on which more than 200
   * come in a short time (CVE-2023-44487), and with it what other visitors have there; so many may
   * still come from those that are on it.
   */
  private static final int MAX_RESETS = 200 - Limits.UPSTREAM_STREAMS;

  private final Channel channel;
  private final HeadEncoder<RequestHead> encoder;
  private final Outbound outbound;
  private final UpstreamStreams streams;
  private final UpstreamInbound inbound;
  private final FrameReader reader;

  private @Nullable Owner owner;
  private long readNanos;
  private int resets;

  /** No further request begins; it is closed when the last one has ended. */
  private boolean going;

  private boolean gone;

  /** Who gives requests to the connection. */
  public interface Owner {

    /** There may be room for another request. */
    void relieved(Http2Upstream connection);

    /** It takes no further request. Told once. */
    void ended(Http2Upstream connection);
  }

  /**
   * @param secure whether it is over TLS, which requests say in {@code :scheme}
   * @param heads of answers
   */
  public Http2Upstream(Channel channel, boolean secure, HeadBudget heads) {
    this.channel = channel;
    this.encoder = secure ? HeadEncoder.SECURE_REQUEST : HeadEncoder.REQUEST;
    FloodGuard guard = new FloodGuard(this::nanoTime);
    outbound = new Outbound(channel, guard, this::turnEnded);
    streams = new UpstreamStreams(channel.eventLoop(), outbound, this::streamEnded);
    HeadBudget.Share budget = heads.share();
    inbound = new UpstreamInbound(this, streams, outbound, guard, budget);
    reader = FrameReader.ofServer(inbound, budget);
  }

  // ---- from the pool

  /** Says who gives requests to it; once, before the first one. */
  public void owner(Owner newOwner) {
    this.owner = newOwner;
  }

  /** How many more requests it takes now. */
  public int room() {
    return going || !channel.isActive() ? 0 : streams.room();
  }

  /** How many requests are on it. */
  public int streams() {
    return streams.size();
  }

  /** Whether the endpoint has not said yet how many requests it takes: until then it is one. */
  public boolean isNew() {
    return !streams.isSettled();
  }

  /** Whether it has carried a request before: then it may have died unnoticed. */
  public boolean hasServed() {
    return streams.haveBegun();
  }

  /** A stream for one request; there must be {@link #room}, and it is to be sent in this turn. */
  public UpstreamStream open() {
    return new Http2UpstreamStream(this, streams, outbound, encoder);
  }

  /** Takes no further request, and is closed when the last one has ended. */
  public void retire() {
    if (!going) {
      going = true;
      if (owner != null) {
        owner.ended(this);
      }
    }
    outbound.schedule();
  }

  // ---- from the connection

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    readNanos = nanoTime();
    ByteBuf out = outbound.controlFrame();
    Frames.writePreface(out);
    FrameWriter.settings(
        out,
        Frames.SETTINGS_ENABLE_PUSH,
        0,
        Frames.SETTINGS_INITIAL_WINDOW_SIZE,
        Limits.UPSTREAM_STREAM_WINDOW);
    FrameWriter.windowUpdate(0, Limits.UPSTREAM_CONNECTION_WINDOW - Frames.INITIAL_WINDOW, out);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    readNanos = nanoTime();
    try {
      if (!gone) {
        reader.read(bytes);
      }
    } catch (ConnectionError error) {
      FrameWriter.goAway(
          0, error.code(), String.valueOf(error.getMessage()), outbound.controlFrame());
      gone(new ConnectionLostException("the endpoint broke HTTP/2: " + error.getMessage()));
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    inbound.readComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      outbound.turn();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    gone(new ConnectionLostException("the endpoint closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    gone(cause);
  }

  // ---- from the streams

  long nanoTime() {
    return channel.eventLoop().ticker().nanoTime();
  }

  boolean isActive() {
    return !gone && channel.isActive();
  }

  /** A request was given up without an answer. */
  void unanswered(long sentNanos) {
    if (readNanos - sentNanos <= 0 && nanoTime() - sentNanos > SILENCE_NANOS) {
      retire();
    }
  }

  /** A stream was ended from here. */
  void resetSent() {
    if (++resets == MAX_RESETS) {
      retire();
    }
  }

  /** The endpoint takes no more requests (RFC 9113 §6.8). */
  void goingAway(int lastStream, int code) {
    retire();
    for (Http2UpstreamStream stream : streams.all()) {
      if (stream.id() > lastStream || !stream.isBegun()) {
        stream.lost(
            new UnprocessedException("the endpoint goes away (error code %d)".formatted(code)));
      }
    }
  }

  /** It is known how many requests the endpoint takes. */
  void settled() {
    if (!going && owner != null) {
      owner.relieved(this);
    }
  }

  private void streamEnded() {
    if (going) {
      outbound.schedule(); // it may have been the last
    } else if (owner != null) {
      owner.relieved(this);
    }
  }

  private void turnEnded() {
    if (going && !gone && streams.size() == 0) {
      gone = true;
      FrameWriter.goAway(0, ErrorCode.NO_ERROR, "done", outbound.controlFrame());
      end();
    }
  }

  private void gone(Throwable cause) {
    if (gone) {
      return;
    }
    gone = true;
    retire();
    UnprocessedException unsent = new UnprocessedException("the connection has just ended");
    streams.all().forEach(stream -> stream.lost(stream.isBegun() ? cause : unsent));
    end();
  }

  private void end() {
    reader.stop();
    inbound.stop();
    outbound.close();
    LingeringClose.closeSoon(channel);
  }
}
