package dev.fairlead.proxy.codec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes an HTTP/2 connection on which nothing moved for a while and no stream is open. */
final class Http2Idle extends IdleStateHandler {

  Http2Idle(Duration keepAlive) {
    super(0, 0, keepAlive.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
    Http2FrameCodec codec = context.pipeline().get(Http2FrameCodec.class);
    if (codec == null || codec.connection().numActiveStreams() == 0) {
      // From the tail, so that the codec says GOAWAY first.
      context.channel().close();
    }
  }
}
