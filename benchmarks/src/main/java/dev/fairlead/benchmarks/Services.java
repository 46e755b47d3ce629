package dev.fairlead.benchmarks;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.PathPrefix;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.TlsMode;
import java.util.List;
import java.util.stream.IntStream;

/** Parts of specs, as discovery makes them of services. */
final class Services {

  static final int PORT = 8080;

  private Services() {}

  /** The cluster of service number {@code service}, with as many tasks; at most 250. */
  static ClusterSpec cluster(int service, Balance balance, int tasks) {
    List<EndpointSpec> endpoints =
        IntStream.rangeClosed(1, tasks).mapToObj(task -> endpoint(service, task)).toList();
    return new ClusterSpec(clusterName(service), balance, endpoints);
  }

  /**
   * The address of a task.
   *
   * @param task 1 to 254
   */
  static EndpointSpec endpoint(int service, int task) {
    String address =
        "%d.%d.%d.%d".formatted(10 + (service >> 16), service >> 8 & 255, service & 255, task);
    return new EndpointSpec(address, PORT);
  }

  /** A route to the cluster of service number {@code service}. */
  static RouteSpec route(int service, boolean wildcard, String host, String path) {
    return new RouteSpec(
        "service-" + service + path,
        new HostPattern(wildcard, host),
        new PathPrefix(path),
        false,
        clusterName(service),
        TlsMode.ACME,
        true,
        RouteLimits.NONE);
  }

  private static String clusterName(int service) {
    return "service-" + service + ":" + PORT;
  }
}
