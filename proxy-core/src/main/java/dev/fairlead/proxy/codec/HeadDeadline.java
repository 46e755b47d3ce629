package dev.fairlead.proxy.codec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees the bytes of an HTTP/1.1 connection before its decoder does. A head that has begun must be
 * complete in time; a connection that waits for its next request is closed in the end. One timer at
 * most. Fires {@link #EXPIRED} when a head is late.
 */
final class HeadDeadline extends ChannelInboundHandlerAdapter {

  /** The user event of a head that did not arrive in time. */
  static final Object EXPIRED = new Object();

  private final Duration head;
  private final Duration keepAlive;
  private @Nullable ScheduledFuture<?> timer;
  private boolean awaitingFirstByte;

  HeadDeadline(Duration head, Duration keepAlive) {
    this.head = head;
    this.keepAlive = keepAlive;
  }

  /** The connection is new: its first head counts from now. */
  void awaitFirst(ChannelHandlerContext context) {
    arm(context, head, () -> context.channel().close());
    awaitingFirstByte = true;
  }

  /** A response has ended: the next head counts from its first byte. */
  void awaitNext(ChannelHandlerContext context) {
    arm(context, keepAlive, () -> context.channel().close());
    awaitingFirstByte = true;
  }

  /** A head has arrived. */
  void arrived() {
    awaitingFirstByte = false;
    cancel();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (awaitingFirstByte) {
      awaitingFirstByte = false;
      arm(context, head, () -> context.fireUserEventTriggered(EXPIRED));
    }
    context.fireChannelRead(message);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    cancel();
  }

  private void arm(ChannelHandlerContext context, Duration delay, Runnable expired) {
    cancel();
    timer = context.executor().schedule(expired, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
