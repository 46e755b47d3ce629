package dev.fairlead.acme;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;

/**
 * A name that visitors come by, and where its certificate shall come from.
 *
 * @param mode {@link TlsMode#ACME} or {@link TlsMode#LOCAL}
 */
public record WantedName(HostPattern host, TlsMode mode) {

  public WantedName {
    if (mode == TlsMode.OFF) {
      throw new IllegalArgumentException(
          "mode of %s: OFF (expected: ACME or LOCAL)".formatted(host));
    }
  }
}
