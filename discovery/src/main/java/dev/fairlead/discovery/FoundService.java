package dev.fairlead.discovery;

import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.RouteSpec;
import java.time.Instant;
import java.util.List;

/**
 * What one service asks for and where it answers. Whether it gets the hosts and paths it asks for
 * is decided when all services of all providers are merged.
 *
 * @param id unique among the services of its provider, and never that of another service again
 * @param name for people
 * @param since when the service was created: of two that ask for the same, the older one gets it
 * @param routes what it asks for, in its own order
 * @param clusters what its routes name; the names are unique among all providers
 */
public record FoundService(
    String id, String name, Instant since, List<RouteSpec> routes, List<ClusterSpec> clusters) {
  public FoundService {
    routes = List.copyOf(routes);
    clusters = List.copyOf(clusters);
  }
}
