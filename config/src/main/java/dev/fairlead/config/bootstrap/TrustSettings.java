package dev.fairlead.config.bootstrap;

import dev.fairlead.config.routing.IpNetwork;
import java.net.InetAddress;
import java.util.List;

/**
 * Whom the proxy believes what they say of others.
 *
 * @param networks of the proxies that stand in front of this one
 * @param proxyProtocol whether their connections begin with a header of the PROXY protocol
 */
public record TrustSettings(List<IpNetwork> networks, boolean proxyProtocol) {

  /** Believes nobody. */
  public static final TrustSettings NOBODY = new TrustSettings(List.of(), false);

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
