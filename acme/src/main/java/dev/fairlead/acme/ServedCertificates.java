package dev.fairlead.acme;

import dev.fairlead.config.routing.HostPattern;
import java.util.Map;
import java.util.Optional;

/**
 * The certificates of all names at one moment; complete.
 *
 * @param byHost for each wanted name
 * @param fallback for visitors who name no host or one that is not served; of {@code
 *     fairlead.invalid}, so that it tells nothing about what is. Empty for a moment at a start,
 *     when every wanted name has its certificate already
 */
public record ServedCertificates(
    Map<HostPattern, ServedCertificate> byHost, Optional<ServedCertificate> fallback) {

  public ServedCertificates {
    byHost = Map.copyOf(byHost);
  }
}
