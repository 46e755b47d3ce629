package dev.fairlead.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps new clients away from a socket that still listens. To close one is a race that the server
 * can't win: whoever has connected as far as it knows, and was not accepted yet, gets a reset. So
 * the system first drops what begins a connection; those who have begun are accepted meanwhile. Who
 * was dropped begins again after a second (RFC 6298 §2.1), and is refused then.
 *
 * <p>What does this is a rule for neighbours (RFC 5082): a packet that was forwarded once, or was
 * not sent with the greatest number of hops at all, is not taken. No client sends such packets, and
 * any process may make the rule; a filter of the socket's own (SO_ATTACH_FILTER) needs
 * CAP_NET_ADMIN on TCP sockets of newer kernels.
 */
public final class NewClients {

  private static final Logger LOG = LoggerFactory.getLogger(NewClients.class);

  /** As of {@code linux/in.h} and {@code linux/in6.h}; the first is for IPv4, on any socket. */
  private static final List<IntegerUnixChannelOption> FEWEST_HOPS =
      List.of(
          new IntegerUnixChannelOption("IP_MINTTL", 0, 21),
          new IntegerUnixChannelOption("IPV6_MINHOPCOUNT", 41, 73));

  private static final int MOST = 255;
  private static final int ANY = 0;

  private NewClients() {}

  /**
   * Drops what begins a connection from now on. Where the system can't do that, nothing changes.
   * From any thread.
   */
  public static void keepAway(Channel listening) {
    if (listening instanceof EpollServerSocketChannel && !set(listening, MOST)) {
      LOG.debug("new clients can't be kept away from a port that is about to close");
    }
  }

  /** Takes the rule from a connection that had begun before it was made. On its event loop. */
  public static void letIn(Channel accepted) {
    if (accepted instanceof EpollSocketChannel) {
      set(accepted, ANY);
    }
  }

  private static boolean set(Channel channel, int hops) {
    boolean done = false;
    for (IntegerUnixChannelOption option : FEWEST_HOPS) {
      try {
        done |= channel.config().setOption(option, hops);
      } catch (ChannelException ofTheOtherFamily) {
        // A socket of IPv4 alone has no rule for IPv6.
      }
    }
    return done;
  }
}
