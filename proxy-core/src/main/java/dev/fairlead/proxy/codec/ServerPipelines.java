package dev.fairlead.proxy.codec;

import dev.fairlead.proxy.message.ClientInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
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
    CodecSettings settings, RequestHandler requests, BooleanSupplier draining) {

  /** HTTP/1.1 and 1.0. On the channel's event loop. */
  public void http1(ChannelPipeline pipeline, ClientInfo client) {
    HeadDeadline deadline =
        new HeadDeadline(settings.timeouts().header(), settings.timeouts().keepAlive());
    // Not Netty's HttpServerCodec: it keeps a list of methods, and fails when many requests wait.
    pipeline.addLast(
        deadline,
        new HttpRequestDecoder(CodecSettings.requestDecoder()),
        new HttpResponseEncoder(),
        new Http1Server(pipeline.channel(), client, requests, draining, deadline));
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
