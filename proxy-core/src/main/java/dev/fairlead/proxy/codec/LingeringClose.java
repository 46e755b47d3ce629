package dev.fairlead.proxy.codec;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection so that the client gets the whole response: closing with unread bytes would
 * make the system send a reset, which can destroy what the client has not read yet (RFC 9112 §9.6).
 * So the sending side is closed first, and what still comes is dropped for a moment.
 */
public final class LingeringClose extends ChannelInboundHandlerAdapter {

  private static final long LINGER_MILLIS = 1000;

  private LingeringClose() {}

  /** Closes when all that was written so far is on its way. */
  public static void close(Channel channel) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> endOutput(channel));
  }

  private static void endOutput(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      linger(channel);
    } else {
      // TLS tells its end itself, too (close_notify).
      tls.closeOutbound().addListener(told -> linger(channel));
    }
  }

  private static void linger(Channel channel) {
    if (!(channel instanceof DuplexChannel duplex) || !channel.isActive()) {
      channel.close();
      return;
    }
    if (duplex.isInputShutdown()) {
      // Nothing more will come.
      channel.close();
      return;
    }
    channel.pipeline().addFirst(new LingeringClose());
    duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    channel.config().setAutoRead(true);
    channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }
}
