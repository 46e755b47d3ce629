package dev.fairlead.conformance.websocket;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Closes as RFC 6455 §7.1.1 has it: ends its side, and reads on until the peer has ended its own.
 * To close at once would reset a connection whose peer still sends, and take the close frame from
 * it. First of the pipeline.
 */
final class Lingering extends ChannelDuplexHandler {

  private static final long LIMIT_SECONDS = 5;

  private boolean closing;

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (closing || !context.channel().isActive()) {
      context.close(promise);
      return;
    }
    closing = true;
    ((SocketChannel) context.channel()).shutdownOutput(promise);
    context.channel().config().setAutoRead(true);
    context.executor().schedule(() -> context.close(), LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object read) {
    if (closing) {
      ReferenceCountUtil.release(read);
    } else {
      context.fireChannelRead(read);
    }
  }
}
