package dev.fairlead.proxy.codec;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Closes a connection so that the client gets the whole response: closing with unread bytes would
 * make the system send a reset, which can destroy what the client has not read yet (RFC 9112 §9.6).
 * So the sending side is closed first, and what still comes is dropped for a moment.
 */
public final class LingeringClose extends ChannelInboundHandlerAdapter {

  private static final long LINGER_MILLIS = 1000;

  /** How long the last bytes may take to be sent where nobody else sets a limit. */
  private static final long SEND_MILLIS = 10_000;

  private LingeringClose() {}

  /** Closes when all that was written so far is on its way, however long that takes. */
  public static void close(Channel channel) {
    afterLastByte(channel, LingeringClose::linger);
  }

  /** The same, but closes in any case after ten seconds. */
  public static void closeSoon(Channel channel) {
    closeAfter(SEND_MILLIS, channel);
    close(channel);
  }

  /** Ends the sending side only, when all that was written so far is on its way. */
  public static void endOutput(Channel channel) {
    afterLastByte(channel, LingeringClose::shutdown);
  }

  private static void afterLastByte(Channel channel, Consumer<Channel> then) {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              SslHandler tls = channel.pipeline().get(SslHandler.class);
              if (tls == null) {
                then.accept(channel);
              } else {
                // TLS tells its end itself, too (close_notify).
                tls.closeOutbound().addListener(told -> then.accept(channel));
              }
            });
  }

  private static void linger(Channel channel) {
    if (channel instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
      // Nothing more will come.
      channel.close();
      return;
    }
    if (channel.isActive()) {
      channel.pipeline().addFirst(new LingeringClose());
      channel.config().setAutoRead(true);
      closeAfter(LINGER_MILLIS, channel);
    }
    shutdown(channel);
  }

  // Most are closed much sooner: nothing of them is kept until then.
  private static void closeAfter(long millis, Channel channel) {
    ScheduledFuture<?> late =
        channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> late.cancel(false));
  }

  private static void shutdown(Channel channel) {
    if (channel instanceof DuplexChannel duplex && channel.isActive()) {
      duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    } else {
      channel.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }
}
