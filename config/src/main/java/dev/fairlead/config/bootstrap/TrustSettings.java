package dev.fairlead.config.bootstrap;

import dev.fairlead.config.routing.IpNetwork;
import java.net.InetAddress;
import java.util.List;

/**
 * Whom the proxy believes what they say of others.
 *
 * @param networks of the proxies that stand in front of this one
 * @param proxyProtocol whether their connections begin with a header of the PROXY protocol
 * @param header where they say for whom they ask; the other one is not believed
 */
public record TrustSettings(List<IpNetwork> networks, boolean proxyProtocol, Header header) {

  /** Believes nobody. */
  public static final TrustSettings NOBODY =
      new TrustSettings(List.of(), false, Header.X_FORWARDED);

  /** The fields in which a proxy says for whom it asks. */
  public enum Header {
    /** {@code X-Forwarded-For}, {@code -Proto}, {@code -Host} and {@code -Port}. */
    X_FORWARDED,
    /** {@code Forwarded} (RFC 7239). */
    FORWARDED
  }

  public TrustSettings {
    networks = List.copyOf(networks);
  }

  /** Whether this is the address of a proxy in front of this one. */
  public boolean includes(InetAddress address) {
    for (IpNetwork network : networks) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
