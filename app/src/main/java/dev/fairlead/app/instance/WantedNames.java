package dev.fairlead.app.instance;

import dev.fairlead.acme.WantedName;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.config.routing.TlsMode;
import java.util.Set;
import java.util.stream.Collectors;

/** Which certificates a routing asks for. */
final class WantedNames {

  private WantedNames() {}

  /** The hosts that are served by TLS, each with where its certificate comes from. */
  static Set<WantedName> of(RoutingSpec spec) {
    return spec.routes().stream()
        .filter(route -> route.tls() != TlsMode.OFF)
        .map(route -> new WantedName(route.host(), route.tls()))
        .collect(Collectors.toUnmodifiableSet());
  }
}
