package dev.fairlead.proxy.codec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** The end of an HTTP/2 connection's pipeline: drains it, and lets nothing leak past it. */
final class Http2Drain extends ChannelInboundHandlerAdapter {

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (ServerPipelines.DRAIN.equals(event)) {
      // Netty's codec sends GOAWAY and closes once the streams have ended.
      context.close();
    } else {
      ReferenceCountUtil.release(event);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
