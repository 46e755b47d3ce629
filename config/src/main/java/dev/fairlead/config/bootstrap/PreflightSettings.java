package dev.fairlead.config.bootstrap;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What is looked at before a certificate is ordered.
 *
 * @param enabled whether anything is
 * @param addresses at which the world reaches this cluster; empty to find out
 * @param resolver the DNS server that is asked, one that sees what the world sees; empty for those
 *     of the system, which may see less
 */
public record PreflightSettings(
    boolean enabled, List<InetAddress> addresses, Optional<ServerAddress> resolver) {

  /** Nothing is looked at. */
  public static final PreflightSettings OFF =
      new PreflightSettings(false, List.of(), Optional.empty());

  public PreflightSettings {
    addresses = List.copyOf(addresses);
  }
}
