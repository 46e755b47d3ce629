package dev.fairlead.config.bootstrap;

import dev.fairlead.config.routing.HostPattern;
import java.util.Optional;

/**
 * Where the process listens.
 *
 * @param http for redirects, the ACME challenge and services with {@code redirect=off}
 * @param https for everything else
 * @param admin for {@code /healthz} and {@code /readyz}
 * @param publicHttpsPort the port that visitors reach {@code https} at, for redirects: 443 unless
 *     the process is published at another
 * @param defaultAddress the IP address whose certificate is for clients that name no host; empty to
 *     choose one
 */
public record ListenerSettings(
    ListenAddress http,
    ListenAddress https,
    ListenAddress admin,
    int publicHttpsPort,
    Optional<HostPattern> defaultAddress) {

  /** Nothing is said of clients that name no host. */
  public ListenerSettings(
      ListenAddress http, ListenAddress https, ListenAddress admin, int publicHttpsPort) {
    this(http, https, admin, publicHttpsPort, Optional.empty());
  }
}
