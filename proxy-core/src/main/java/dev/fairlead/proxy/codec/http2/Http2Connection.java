package dev.fairlead.proxy.codec.http2;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.codec.MemoryHolder;
import dev.fairlead.proxy.codec.RequestHandler;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ConnectionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;

/**
 * One HTTP/2 connection from a client, over TLS. The last handler of the pipeline; it takes buffers
 * and writes buffers. Event loop only.
 */
public final class Http2Connection extends ChannelInboundHandlerAdapter implements MemoryHolder {

  private final LimitSettings limits;
  private final Outbound outbound;
  private final Streams streams;
  private final HeadBudget.Share budget;
  private final Lifecycle lifecycle;
  private final Inbound inbound;
  private final FrameReader reader;

  /**
   * @param drain how long streams may take to end once no more may begin
   * @param queues of the channel's event loop
   * @param heads of requests
   * @param firstRequest told when the head of the first one has come
   */
  public Http2Connection(
      Channel channel,
      ClientInfo client,
      RequestHandler requests,
      Duration drain,
      Deadlines.OfLoop queues,
      LimitSettings limits,
      HeadBudget heads,
      Runnable firstRequest) {
    this.limits = limits;
    FloodGuard guard = new FloodGuard(() -> channel.eventLoop().ticker().nanoTime());
    outbound = new Outbound(channel, guard, this::turnEnded);
    streams = new Streams(channel.eventLoop(), client, outbound, queues.progress(), limits);
    lifecycle =
        new Lifecycle(channel, queues, drain, limits, firstRequest, this::stop, streams, outbound);
    budget = heads.share();
    inbound = new Inbound(requests, streams, outbound, guard, lifecycle, limits, budget);
    reader = FrameReader.ofClient(inbound, budget);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    FrameWriter.settings(
        outbound.controlFrame(),
        Frames.SETTINGS_MAX_CONCURRENT_STREAMS,
        limits.streams(),
        Frames.SETTINGS_INITIAL_WINDOW_SIZE,
        Limits.STREAM_WINDOW,
        Frames.SETTINGS_MAX_HEADER_LIST_SIZE,
        limits.headerBytes(),
        Frames.SETTINGS_ENABLE_CONNECT_PROTOCOL,
        1);
    FrameWriter.windowUpdate(
        0, Limits.CONNECTION_WINDOW - Frames.INITIAL_WINDOW, outbound.controlFrame());
  }

  @Override
  public long requestBytes() {
    return budget.underWay();
  }

  @Override
  public long bufferBytes() {
    return outbound.heldBytes() + streams.heldBytes();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (!lifecycle.isClosed()) {
        reader.read(bytes);
        lifecycle.read(reader);
      }
    } catch (ConnectionError error) {
      lifecycle.failed(error);
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    inbound.readComplete();
    lifecycle.readComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      outbound.turn();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ConnectionEvent.DRAIN) {
      lifecycle.drain();
    } else if (event == ConnectionEvent.CLOSE_IDLE) {
      lifecycle.closeUnlessBegun();
    } else {
      ReferenceCountUtil.release(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    lifecycle.gone(new ConnectionLostException("the client closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    lifecycle.gone(cause);
    context.close();
  }

  private void stop() {
    reader.stop();
    inbound.stop();
  }

  private void turnEnded() {
    lifecycle.turnEnded();
  }
}
