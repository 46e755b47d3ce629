package dev.fairlead.discovery;

import dev.fairlead.config.load.RouteDefinition;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.RouteSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the routes that one service defines, and the clusters they lead to. Not for use by
 * several threads.
 */
public final class ServiceRoutes {

  private final String service;
  private final List<RouteSpec> routes = new ArrayList<>();
  private final Map<String, ClusterSpec> clusters = new LinkedHashMap<>();

  /**
   * No routes yet.
   *
   * @param service the name of the service, for people
   */
  public ServiceRoutes(String service) {
    this.service = service;
  }

  /**
   * Adds a route for each of its hosts.
   *
   * @param cluster where it leads; routes with the same one are balanced in the same way
   * @param endpoints of the cluster
   */
  public void add(RouteDefinition route, String cluster, List<EndpointSpec> endpoints) {
    clusters.putIfAbsent(
        cluster, new ClusterSpec(cluster, route.policy(), route.upstream(), endpoints));
    String name = route.name().isEmpty() ? service : service + "/" + route.name();
    for (HostPattern host : route.hosts()) {
      routes.add(
          new RouteSpec(
              name,
              host,
              route.path(),
              route.stripPath(),
              cluster,
              route.tls(),
              route.redirectToHttps(),
              route.limits(),
              route.onDemand().filter(_ -> host.wildcard()),
              route.together() ? route.hosts() : List.of()));
    }
  }

  /** Whether any cluster has an endpoint. */
  public boolean haveEndpoints() {
    return clusters.values().stream().anyMatch(cluster -> !cluster.endpoints().isEmpty());
  }

  /** All of it, as {@link FoundService} wants it. */
  public FoundService toService(String id, Instant since) {
    return new FoundService(id, service, since, routes, List.copyOf(clusters.values()));
  }
}
