package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.message.ConnectionEvent;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The end of an HTTP/2 connection's pipeline: drains it, lets nothing leak past it, and tells the
 * streams of its loss. Netty tells a stream only when it has read all that had come for it, which
 * one that is paused never does.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter {

  private final Set<Http2ClientStream> open = new HashSet<>();

  void opened(Http2ClientStream stream) {
    open.add(stream);
  }

  void closed(Http2ClientStream stream) {
    open.remove(stream);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ConnectionEvent.DRAIN) {
      // Netty's codec sends GOAWAY and closes once the streams have ended.
      context.close();
    } else {
      ReferenceCountUtil.release(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ConnectionLostException lost = new ConnectionLostException("the client closed the connection");
    List.copyOf(open).forEach(stream -> stream.lost(lost));
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
