package dev.fairlead.conformance.websocket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * An app that sends back every frame of a WebSocket (RFC 6455) as it came, by Netty's codec, at
 * 127.0.0.1.
 */
final class EchoServer implements AutoCloseable {

  /** The largest message of the suite has 16 MiB, in one frame. */
  private static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;

  private static final String LINGERING = "lingering";

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel listening;

  EchoServer() throws InterruptedException {
    listening =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(LINGERING, new Lingering())
                        .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(1024),
                            new WebSocketServerProtocolHandler(protocol()),
                            new Echo());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
            .sync()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  private static WebSocketServerProtocolConfig protocol() {
    return WebSocketServerProtocolConfig.newBuilder()
        .websocketPath("/")
        .checkStartsWith(true)
        // Else a close frame of its own comes before the one that says what is wrong.
        .sendCloseFrame(null)
        .decoderConfig(
            WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(MAX_FRAME_BYTES)
                .withUTF8Validator(true)
                .build())
        .build();
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
        context.pipeline().addAfter(LINGERING, null, new TextCheck());
      }
      super.userEventTriggered(context, event);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      context.write(frame);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    // Who does not take what is sent back is not read from.
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // A frame against the rules: the decoder has answered it.
      if (!(cause instanceof CorruptedWebSocketFrameException)) {
        context.close();
      }
    }
  }
}
