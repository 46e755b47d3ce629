package dev.fairlead.proxy.codec.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;

/**
 * Lets something happen within an event of a channel, as everything does on an event loop. What is
 * done outside of one makes an {@link EmbeddedChannel} run what waits for the end of the turn with
 * each write, in the middle of what is being done.
 */
final class InEvent extends ChannelInboundHandlerAdapter {

  private InEvent() {}

  static void run(EmbeddedChannel channel, Runnable action) {
    if (channel.isOpen()) {
      channel.pipeline().addFirst(new InEvent());
      channel.writeInbound(action);
    } else {
      action.run();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    context.pipeline().remove(this);
    ((Runnable) message).run();
  }
}
