package dev.fairlead.proxy.codec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
  private @Nullable ChannelHandlerContext context;
  private @Nullable ScheduledFuture<?> timer;
  private boolean idle;

  HeadDeadline(Duration head, Duration keepAlive) {
    this.head = head;
    this.keepAlive = keepAlive;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext newContext) {
    context = newContext;
  }

  /** The connection is new: its first head counts from now. */
  void awaitFirst() {
    arm(head, ChannelHandlerContext::close);
    idle = true;
  }

  /** A response has ended: the next head counts from its first byte. */
  void awaitNext() {
    arm(keepAlive, ChannelHandlerContext::close);
    idle = true;
  }

  /** The last response was written, and has this long to get to the client. */
  void awaitClose() {
    arm(keepAlive, ChannelHandlerContext::close);
    idle = false;
  }

  /** A head has arrived. */
  void arrived() {
    idle = false;
    cancel();
  }

  /** Whether no byte of a head has come yet. */
  boolean isIdle() {
    return idle;
  }

  @Override
  public void channelRead(ChannelHandlerContext here, Object message) {
    if (idle) {
      idle = false;
      arm(head, expired -> expired.fireUserEventTriggered(EXPIRED));
    }
    here.fireChannelRead(message);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ignored) {
    cancel();
  }

  @Override
  public void channelInactive(ChannelHandlerContext here) {
    cancel();
    here.fireChannelInactive();
  }

  private void arm(Duration delay, Consumer<ChannelHandlerContext> expired) {
    cancel();
    ChannelHandlerContext at = context;
    if (at != null) {
      timer =
          at.executor().schedule(() -> expired.accept(at), delay.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
