package dev.fairlead.app.instance;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.config.routing.TlsMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which names share a certificate, as their routes ask for. A name has one certificate: where
 * several routes want it in different ones, the first in the order of services and routes has it,
 * and the others go without it, which is told once. Used by the thread that publishes routes.
 */
final class SharedNames {

  private static final Logger LOG = LoggerFactory.getLogger(SharedNames.class);

  private Set<String> told = Set.of();

  /**
   * The names that share one, each with all of them, that which orders it first.
   *
   * @return without those that have their own
   */
  Map<HostPattern, List<HostPattern>> of(RoutingSpec spec) {
    Set<String> problems = new LinkedHashSet<>();
    Map<HostPattern, List<HostPattern>> byHost = of(spec, problems);
    problems.stream().filter(problem -> !told.contains(problem)).forEach(LOG::warn);
    told.stream()
        .filter(problem -> !problems.contains(problem))
        .forEach(problem -> LOG.info("in order again: {}", problem));
    told = Set.copyOf(problems);
    return byHost;
  }

  private static Map<HostPattern, List<HostPattern>> of(RoutingSpec spec, Set<String> problems) {
    Set<HostPattern> served =
        spec.routes().stream()
            .filter(route -> route.tls() != TlsMode.OFF)
            .map(RouteSpec::host)
            .collect(Collectors.toUnmodifiableSet());
    Map<HostPattern, List<HostPattern>> byHost = new HashMap<>();
    Map<HostPattern, String> owners = new HashMap<>();
    List<RouteSpec> routes =
        spec.routes().stream()
            .filter(route -> !route.together().isEmpty())
            .sorted(Comparator.comparing(RouteSpec::name))
            .toList();
    for (RouteSpec route : routes) {
      List<HostPattern> wanted = route.together().stream().filter(served::contains).toList();
      if (wanted.equals(byHost.get(wanted.getFirst()))) {
        continue; // another host of the route, or a route with the same hosts
      }
      List<HostPattern> free = new ArrayList<>();
      for (HostPattern host : wanted) {
        String owner = owners.putIfAbsent(host, route.name());
        if (owner == null) {
          free.add(host);
        } else if (!owner.equals(route.name())) {
          problems.add(problem(route, host, owner));
        }
      }
      if (free.size() > 1) {
        free.forEach(host -> byHost.put(host, List.copyOf(free)));
      }
    }
    return byHost;
  }

  private static String problem(RouteSpec route, HostPattern host, String owner) {
    return "route %s: tls.together with %s (expected: the same hosts in the same order as route %s, which has it in its certificate)"
        .formatted(route.name(), host, owner);
  }
}
