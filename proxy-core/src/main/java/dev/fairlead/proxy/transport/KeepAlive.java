package dev.fairlead.proxy.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import jdk.net.ExtendedSocketOptions;

/**
 * Connections on which nobody says anything are asked by the system whether the other side is there
 * (RFC 9293 §3.8.4). What stands between, from a router at home (RFC 5382 §5) to Swarm's balancer
 * (900 s), forgets connections that are silent, and tells nobody; and a machine that was switched
 * off says nothing either.
 */
public final class KeepAlive {

  /**
   * Half of the shortest time that is in wide use (Azure's balancer: 4 min), and longer than
   * connections are kept between two requests: for those nothing is sent.
   */
  private static final int IDLE_SECONDS = 120;

  private static final int INTERVAL_SECONDS = 30;

  /** So many without an answer are the end: after four minutes of silence in all. */
  private static final int PROBES = 4;

  // As all of Linux's architectures have them that Netty's epoll is built for.
  private static final int SOL_SOCKET = 1;
  private static final int SO_KEEPALIVE = 9;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_KEEPIDLE = 4;
  private static final int TCP_KEEPINTVL = 5;
  private static final int TCP_KEEPCNT = 6;

  private KeepAlive() {}

  /** What makes connections that have it; four system calls for each. */
  public static Bootstrap ofMade(Transport transport) {
    Bootstrap bootstrap = new Bootstrap().option(ChannelOption.SO_KEEPALIVE, true);
    return switch (transport) {
      case EPOLL ->
          bootstrap
              .option(EpollChannelOption.TCP_KEEPIDLE, IDLE_SECONDS)
              .option(EpollChannelOption.TCP_KEEPINTVL, INTERVAL_SECONDS)
              .option(EpollChannelOption.TCP_KEEPCNT, PROBES);
      case NIO ->
          bootstrap
              .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), IDLE_SECONDS)
              .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), INTERVAL_SECONDS)
              .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
    };
  }

  /**
   * What accepts connections that have it. With Linux they inherit it from the socket that listens,
   * for no system call of their own.
   */
  public static ServerBootstrap ofAccepted(Transport transport) {
    ServerBootstrap bootstrap = new ServerBootstrap();
    return switch (transport) {
      case EPOLL ->
          bootstrap
              .option(option("SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE), 1)
              .option(option("TCP_KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE), IDLE_SECONDS)
              .option(option("TCP_KEEPINTVL", IPPROTO_TCP, TCP_KEEPINTVL), INTERVAL_SECONDS)
              .option(option("TCP_KEEPCNT", IPPROTO_TCP, TCP_KEEPCNT), PROBES);
      case NIO ->
          bootstrap
              .childOption(ChannelOption.SO_KEEPALIVE, true)
              .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), IDLE_SECONDS)
              .childOption(
                  NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), INTERVAL_SECONDS)
              .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
    };
  }

  private static ChannelOption<Integer> option(String name, int level, int number) {
    return new IntegerUnixChannelOption(name, level, number);
  }
}
