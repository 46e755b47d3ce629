package dev.fairlead.config.routing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that is routed, at one moment. Complete in itself: every route names a cluster that is
 * in it. Two equal specs need no change of the data plane.
 *
 * @param routes in the order of {@link RouteSpec#compareTo}, at most one for each host and path
 * @param clusters ordered by name, each name once; a cluster without endpoints is a service without
 *     a task that could answer
 */
public record RoutingSpec(List<RouteSpec> routes, List<ClusterSpec> clusters) {

  /** Routes nothing. */
  public static final RoutingSpec EMPTY = new RoutingSpec(List.of(), List.of());

  public RoutingSpec {
    routes = routes.stream().sorted().toList();
    clusters = clusters.stream().sorted().toList();
    Set<String> names = new HashSet<>();
    for (ClusterSpec cluster : clusters) {
      if (!names.add(cluster.name())) {
        throw new IllegalArgumentException("cluster: " + cluster.name() + " (expected: once)");
      }
    }
    Set<RouteSpec.Match> matches = new HashSet<>();
    for (RouteSpec route : routes) {
      if (!names.contains(route.cluster())) {
        throw new IllegalArgumentException(
            "route %s: %s (expected: the name of a cluster)"
                .formatted(route.name(), route.cluster()));
      }
      if (!matches.add(route.match())) {
        throw new IllegalArgumentException(
            "route %s: %s (expected: once)".formatted(route.name(), route.match()));
      }
    }
  }
}
