package dev.fairlead.benchmarks;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.RoutingSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Routes of many services, and what visitors ask of them. Of a hundred services 70 have a host of
 * their own, 20 have a backend at {@code /api} too, 8 have four paths and 2 stand for all names
 * below a domain.
 *
 * @param requests in random order, the same in every run
 */
record Traffic(RoutingSpec spec, List<Request> requests) {

  /** How many different requests there are; a power of two. */
  static final int REQUESTS = 4096;

  /** One in so many requests is for a host that nobody serves. */
  private static final int STRANGERS = 16;

  /**
   * A request, and where it has to go.
   *
   * @param expected null when nothing is routed there
   */
  record Request(String host, String path, @Nullable RouteSpec expected) {}

  /** Traffic over exactly so many routes. */
  static Traffic over(int routes) {
    List<RouteSpec> all = new ArrayList<>();
    List<ClusterSpec> clusters = new ArrayList<>();
    for (int service = 0; all.size() < routes; service++) {
      all.addAll(routesOf(service));
      clusters.add(Services.cluster(service, Balance.P2C, 1));
    }
    // The first of a service is the one for "/", so what is cut off leaves nothing unreachable.
    List<RouteSpec> exactly = all.subList(0, routes);
    return new Traffic(new RoutingSpec(exactly, clusters), requests(exactly));
  }

  private static List<RouteSpec> routesOf(int service) {
    String host = "service-" + service + ".example.com";
    int kind = service % 100;
    if (kind < 2) {
      return List.of(Services.route(service, true, "tenants-" + service + ".example.com", "/"));
    }
    List<String> paths =
        kind < 10
            ? List.of("/", "/api", "/api/v2", "/static/assets")
            : kind < 30 ? List.of("/", "/api") : List.of("/");
    return paths.stream().map(path -> Services.route(service, false, host, path)).toList();
  }

  private static List<Request> requests(List<RouteSpec> routes) {
    Random random = new Random(20261123);
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      requests.add(
          i % STRANGERS == 0
              ? new Request("unknown-" + i + ".example.org", "/orders/" + i, null)
              : to(routes.get(random.nextInt(routes.size())), i));
    }
    Collections.shuffle(requests, random);
    return List.copyOf(requests);
  }

  private static Request to(RouteSpec route, int number) {
    String suffix = route.host().suffix();
    String host = route.host().wildcard() ? "tenant-" + number + "." + suffix : suffix;
    String prefix = route.path().value().equals("/") ? "" : route.path().value();
    return new Request(host, prefix + "/orders/" + number, route);
  }
}
