package dev.fairlead.app.instance;

import static java.util.stream.Collectors.flatMapping;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.fairlead.acme.WantedName;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.OnDemand;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.config.routing.TlsMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which certificates a routing asks for. */
final class WantedNames {

  private WantedNames() {}

  /**
   * The hosts that are served by TLS, each with where its certificate comes from. A wildcard whose
   * names get their own has the local CA's, for those that have none yet.
   *
   * @param together the names that share a certificate, see {@link SharedNames}
   */
  static Set<WantedName> of(RoutingSpec spec, Map<HostPattern, List<HostPattern>> together) {
    Set<HostPattern> onDemand = onDemand(spec).keySet();
    return spec.routes().stream()
        .filter(route -> route.tls() != TlsMode.OFF)
        .map(
            route -> {
              HostPattern host = route.host();
              if (together.containsKey(host)) {
                return new WantedName(host, TlsMode.ACME, false, together.get(host));
              }
              return new WantedName(host, onDemand.contains(host) ? TlsMode.LOCAL : route.tls());
            })
        .collect(Collectors.toUnmodifiableSet());
  }

  /** All hosts that are routed, by TLS or not. */
  static Set<HostPattern> hosts(RoutingSpec spec) {
    return spec.routes().stream().map(RouteSpec::host).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The wildcards whose names get certificates of their own, with the rules of all their routes.
   */
  static Map<HostPattern, List<OnDemand>> onDemand(RoutingSpec spec) {
    return spec.routes().stream()
        .filter(route -> route.onDemand().isPresent())
        .collect(
            groupingBy(RouteSpec::host, flatMapping(route -> route.onDemand().stream(), toList())));
  }
}
