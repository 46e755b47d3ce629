package dev.fairlead.proxy.snapshot;

import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.route.RouteTable;
import java.util.List;

/**
 * All that a request decides with. Immutable; read once per request.
 *
 * @param clusters that the routes lead to
 */
public record Snapshot(RoutingSpec spec, RouteTable routes, List<Cluster> clusters) {

  /** How many exchanges the endpoints are at work on. */
  public int inFlight() {
    return clusters.stream()
        .flatMap(cluster -> cluster.endpoints().stream())
        .mapToInt(endpoint -> endpoint.state().inFlight())
        .sum();
  }

  /** How many requests wait for an endpoint. */
  public int waiting() {
    return clusters.stream().mapToInt(cluster -> cluster.waitingRoom().size()).sum();
  }
}
