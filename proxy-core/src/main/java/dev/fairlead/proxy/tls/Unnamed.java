package dev.fairlead.proxy.tls;

import dev.fairlead.config.routing.AddressScope;
import dev.fairlead.config.routing.HostPattern;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What answers clients that name no host, as those of an IP address: RFC 6066 §3 has no way to name
 * one. The address that they have connected to is a container's own where ports are published, so
 * that it may say nothing. Immutable.
 *
 * @param exact by the address of this side
 * @param ipv4 for all others that came by IPv4
 * @param ipv6 for all others
 */
record Unnamed(
    Map<InetAddress, LazyContext> exact, @Nullable LazyContext ipv4, @Nullable LazyContext ipv6) {

  /** No address has a certificate. */
  static final Unnamed NONE = new Unnamed(Map.of(), null, null);

  /**
   * Chooses among the certificates of addresses: the one that was said, else the only one of the
   * internet, by the same protocol if there are several. What is inside a network is shown to
   * nobody who does not know its address.
   *
   * @param certificates of addresses, and nothing else
   */
  static Unnamed of(Map<HostPattern, LazyContext> certificates, Optional<HostPattern> said) {
    if (certificates.isEmpty()) {
      return NONE;
    }
    Map<InetAddress, LazyContext> exact = new HashMap<>();
    Map<InetAddress, LazyContext> global = new HashMap<>();
    certificates.forEach(
        (host, context) -> {
          InetAddress address = host.address().orElseThrow();
          exact.put(address, context);
          if (AddressScope.of(address) == AddressScope.GLOBAL) {
            global.put(address, context);
          }
        });
    Optional<LazyContext> wanted = said.map(certificates::get);
    return new Unnamed(
        Map.copyOf(exact),
        wanted.or(() -> only(global, Inet4Address.class::isInstance)).orElse(null),
        wanted.or(() -> only(global, each -> !(each instanceof Inet4Address))).orElse(null));
  }

  private static Optional<LazyContext> only(
      Map<InetAddress, LazyContext> global, Predicate<InetAddress> sameProtocol) {
    List<InetAddress> same = global.keySet().stream().filter(sameProtocol).toList();
    if (same.size() == 1) {
      return Optional.ofNullable(global.get(same.getFirst()));
    }
    return same.isEmpty() && global.size() == 1
        ? Optional.of(global.values().iterator().next())
        : Optional.empty();
  }

  /**
   * The certificate for a client.
   *
   * @param own the address that it has connected to; null when that is not known
   * @return null when there is none
   */
  @Nullable LazyContext find(@Nullable InetAddress own) {
    LazyContext known = own == null ? null : exact.get(own);
    if (known != null) {
      return known;
    }
    return own == null || own instanceof Inet4Address ? ipv4 : ipv6;
  }
}
