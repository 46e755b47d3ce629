package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.codec.http1.Http1Server;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.message.ClientInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import java.util.function.BooleanSupplier;

/**
 * Puts a protocol onto a client's connection, once it is known which one. Thread-safe.
 *
 * @param draining whether every response is to be the last of its connection
 */
public record ServerPipelines(
    CodecSettings settings,
    Deadlines deadlines,
    RequestHandler requests,
    BooleanSupplier draining) {

  /** HTTP/1.1 and 1.0. On the channel's event loop. */
  public void http1(ChannelPipeline pipeline, ClientInfo client) {
    Channel channel = pipeline.channel();
    pipeline.addLast(
        new Http1Server(channel, client, requests, draining, deadlines.of(channel.eventLoop())));
  }

  /** HTTP/2. On the channel's event loop. */
  public void http2(ChannelPipeline pipeline, ClientInfo client) {
    Http2Connection connection = new Http2Connection();
    ChannelHandler perStream =
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel stream) {
            stream
                .pipeline()
                .addLast(
                    new Http2ClientStream(
                        stream, connection, client, requests, settings.timeouts().idle()));
          }
        };
    pipeline.addLast(
        new Http2Idle(settings.timeouts().keepAlive()),
        Http2FrameCodecBuilder.forServer()
            .initialSettings(CodecSettings.http2())
            .validateRequiredPseudoHeaders(true)
            .gracefulShutdownTimeoutMillis(settings.timeouts().drain().toMillis())
            .build(),
        new Http2MultiplexHandler(perStream),
        connection);
    pipeline.writeAndFlush(new DefaultHttp2WindowUpdateFrame(CodecSettings.MORE_CONNECTION_WINDOW));
  }
}
