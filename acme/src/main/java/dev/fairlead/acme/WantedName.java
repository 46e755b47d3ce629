package dev.fairlead.acme;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;

/**
 * A name that visitors come by, and where its certificate shall come from.
 *
 * @param mode {@link TlsMode#ACME} or {@link TlsMode#LOCAL}
 * @param onDemand whether it is wanted because a visitor came for it, and not because it is routed
 */
public record WantedName(HostPattern host, TlsMode mode, boolean onDemand) {

  public WantedName {
    if (mode == TlsMode.OFF) {
      throw new IllegalArgumentException(
          "mode of %s: OFF (expected: ACME or LOCAL)".formatted(host));
    }
  }

  /** A name that is routed. */
  public WantedName(HostPattern host, TlsMode mode) {
    this(host, mode, false);
  }
}
