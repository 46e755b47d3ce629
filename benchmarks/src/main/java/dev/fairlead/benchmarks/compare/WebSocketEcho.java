package dev.fairlead.benchmarks.compare;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.nio.charset.StandardCharsets;

/** An app that sends every WebSocket message back: {@code WebSocketEcho PORT}, on 127.0.0.1. */
final class WebSocketEcho {

  private WebSocketEcho() {}

  public static void main(String[] arguments) throws InterruptedException {
    new ServerBootstrap()
        .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
        .channel(EpollServerSocketChannel.class)
        .childHandler(pipeline())
        .bind("127.0.0.1", Integer.parseInt(arguments[0]))
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  private static ChannelInitializer<Channel> pipeline() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channel
            .pipeline()
            .addLast(new HeadReader(WebSocketEcho::switchProtocols))
            .addLast(new WebSocketFrames())
            .addLast(new Echo());
      }
    };
  }

  private static void switchProtocols(ChannelHandlerContext context, String head) {
    String accept = WebSocketFrames.accept(HeadReader.field(head, "Sec-WebSocket-Key"));
    String answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept
            + "\r\n\r\n";
    context.writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII));
  }

  private static final class Echo extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf payload) {
      context.writeAndFlush(WebSocketFrames.frame(context, payload, false));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
