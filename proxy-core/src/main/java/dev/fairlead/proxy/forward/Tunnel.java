package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.deadline.DeadlineQueue;
import dev.fairlead.proxy.transport.Outflow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/**
 * Two connections that carry bytes of no concern to the proxy, after {@code 101 Switching
 * Protocols}. While one is full the other is not read; the end of one, or silence of both for too
 * long, is the end of both. Event loop only.
 */
final class Tunnel {

  private final Channel client;
  private final Channel upstream;
  private final DeadlineQueue progress;
  private final ProgressDeadline deadline;
  private final Outflow toClientFlow = new Outflow();
  private final Outflow toUpstreamFlow = new Outflow();
  private long fromClient;
  private long toClient;
  private int open = 2;

  Tunnel(Channel client, Channel upstream, DeadlineQueue progress) {
    this.client = client;
    this.upstream = upstream;
    this.progress = progress;
    this.deadline = ProgressDeadline.start(progress, this::stalled);
  }

  /**
   * @param ended told once, when both connections are closed
   */
  void start(Consumer<Tunnel> ended) {
    client.pipeline().addLast(new Side(upstream, toUpstreamFlow, true));
    upstream.pipeline().addLast(new Side(client, toClientFlow, false));
    ChannelFutureListener closed =
        future -> {
          if (--open == 0) {
            deadline.cancel();
            ended.accept(this);
          } else {
            closeWhenFlushed(future.channel().equals(client) ? upstream : client);
          }
        };
    client.closeFuture().addListener(closed);
    upstream.closeFuture().addListener(closed);
    client.config().setAutoRead(true);
    upstream.config().setAutoRead(true);
  }

  long bytesFromClient() {
    return fromClient;
  }

  long bytesToClient() {
    return toClient;
  }

  // A full side moves while it is taken from, which is seen by asking only.
  private void stalled() {
    if (isTaking(client, toClientFlow) || isTaking(upstream, toUpstreamFlow)) {
      progress.set(deadline);
    } else {
      client.close();
      upstream.close();
    }
  }

  private boolean isTaking(Channel side, Outflow flow) {
    return !side.isWritable() && flow.hasMoved(side, 1, progress.length());
  }

  private static void closeWhenFlushed(Channel channel) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private final class Side extends ChannelInboundHandlerAdapter {

    private final Channel other;
    private final Outflow toOther;
    private final boolean isClient;

    Side(Channel other, Outflow toOther, boolean isClient) {
      this.other = other;
      this.toOther = toOther;
      this.isClient = isClient;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf data = (ByteBuf) message;
      deadline.touch();
      if (isClient) {
        fromClient += data.readableBytes();
      } else {
        toClient += data.readableBytes();
      }
      other.write(data);
      if (!other.isWritable()) {
        context.channel().config().setAutoRead(false);
        other.flush();
        toOther.begin();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      other.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable()) {
        deadline.touch();
        other.config().setAutoRead(true);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
