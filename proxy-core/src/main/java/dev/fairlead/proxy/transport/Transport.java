package dev.fairlead.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** How the system's sockets are driven: epoll where it is there, else NIO. */
public enum Transport {
  EPOLL(EpollServerSocketChannel::new, EpollSocketChannel::new),
  NIO(NioServerSocketChannel::new, NioSocketChannel::new);

  @SuppressWarnings("ImmutableEnumChecker") // a constructor
  private final ChannelFactory<ServerSocketChannel> serverChannels;

  @SuppressWarnings("ImmutableEnumChecker") // a constructor
  private final ChannelFactory<SocketChannel> channels;

  Transport(
      ChannelFactory<ServerSocketChannel> serverChannels, ChannelFactory<SocketChannel> channels) {
    this.serverChannels = serverChannels;
    this.channels = channels;
  }

  /** The best one of this machine. */
  public static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /** Event loops with names for thread dumps. */
  public EventLoopGroup loops(String name, int count) {
    IoHandlerFactory handlers =
        this == EPOLL ? PatientEpoll.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name), handlers);
  }

  /** Makes sockets to listen with. */
  public ChannelFactory<ServerSocketChannel> serverChannels() {
    return serverChannels;
  }

  /**
   * Has the system take no more of what is written to a connection than it can send at once, and so
   * many bytes. Sockets of NIO can't be told. From any thread.
   */
  public static void limitUnsent(Channel connection, int bytes) {
    if (connection.config() instanceof EpollSocketChannelConfig config) {
      config.setTcpNotSentLowAt(bytes);
    }
  }

  /** Bytes that were written to a connection, and that the system has not taken. On its loop. */
  public static long unsentBytes(Channel connection) {
    ChannelOutboundBuffer output = connection.unsafe().outboundBuffer();
    return output == null ? 0 : output.totalPendingWriteBytes();
  }

  /** Makes sockets to connect with. */
  public ChannelFactory<SocketChannel> channels() {
    return channels;
  }
}
