package dev.fairlead.proxy.http;

import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.config.routing.IpNetwork;
import dev.fairlead.proxy.message.ClientInfo;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who is believed, found in another way than the product finds it: the addresses that proxies of
 * 10.0.0.0/8 and fd00::/8 tell, from the end on, up to the first that is none of them.
 */
final class BelievedChain {

  static final int MAX_ADDRESSES = 32;

  static final ClientInfo PEER = new ClientInfo("10.0.0.9", false, null, true);
  static final ClientInfo STRANGER = new ClientInfo("192.0.2.7", false, null);

  private static final List<IpNetwork> NETWORKS =
      Stream.of("10.0.0.0/8", "fd00::/8").flatMap(text -> IpNetwork.parse(text).stream()).toList();

  private static final String PORT = "(?::(?:[0-9]{1,5}|_[A-Za-z0-9._-]{1,63}))?";

  /** An address, in brackets or not, and maybe a port. */
  private static final Pattern NODE =
      Pattern.compile("\\[([^\\]]*)\\]" + PORT + "|([0-9.]+)" + PORT + "|([0-9a-fA-F:.]+)");

  private final List<String> fromEnd = new ArrayList<>(List.of(PEER.address()));

  static TrustSettings trust(TrustSettings.Header header) {
    return new TrustSettings(NETWORKS, false, header);
  }

  /** Whether what stands before this one is believed, too. */
  boolean goesOnBefore(String node) {
    Optional<InetAddress> address = address(node);
    if (address.isEmpty() || fromEnd.size() > MAX_ADDRESSES) {
      return false;
    }
    // Netty's form of IPv6, which is RFC 5952's.
    fromEnd.add(NetUtil.toAddressString(address.get()));
    return isTrusted(address.get());
  }

  /** The visitor first. */
  List<String> addresses() {
    return List.copyOf(fromEnd.reversed());
  }

  private static Optional<InetAddress> address(String text) {
    Matcher form = NODE.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String bare = form.group(1) != null ? form.group(1) : form.group(2);
    String digits = bare != null ? bare : form.group(3);
    boolean four = digits.matches("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    if (!four && digits.indexOf(':') < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(digits));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isTrusted(InetAddress address) {
    byte first = address.getAddress()[0];
    return address.getAddress().length == 4 ? first == 10 : first == (byte) 0xfd;
  }
}
