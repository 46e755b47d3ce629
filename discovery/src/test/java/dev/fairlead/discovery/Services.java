package dev.fairlead.discovery;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.PathPrefix;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.TlsMode;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Found services for tests. */
final class Services {

  static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
  static final Instant LATER = Instant.parse("2026-01-01T00:00:00Z");

  static FoundService service(String name, Instant since, String... hosts) {
    return service(name, since, List.of("10.0.1.5"), hosts);
  }

  static FoundService service(String name, Instant since, List<String> addresses, String... hosts) {
    String cluster = name + ":80";
    return new FoundService(
        "id of " + name,
        name,
        since,
        Stream.of(hosts).map(host -> route(name, host, cluster)).toList(),
        List.of(
            new ClusterSpec(
                cluster,
                Balance.P2C,
                addresses.stream().map(address -> new EndpointSpec(address, 80)).toList())));
  }

  static RouteSpec route(String name, String host, String cluster) {
    return new RouteSpec(
        name,
        HostPattern.parse(host).orElseThrow(),
        PathPrefix.ROOT,
        false,
        cluster,
        TlsMode.ACME,
        true,
        RouteLimits.NONE);
  }

  static Discovery.Complete complete(FoundService... services) {
    return new Discovery.Complete(List.of(services), List.of());
  }

  private Services() {}
}
