package dev.fairlead.discovery;

import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.RoutingSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says in one sentence what changed from one spec to the next. */
final class RoutingChange {

  private static final int NAMED_AT_MOST = 5;

  /**
   * The sentence for the log.
   *
   * @return empty when only endpoints changed, as in every update of a service
   */
  static Optional<String> between(Optional<RoutingSpec> before, RoutingSpec now) {
    Set<String> old = before.map(RoutingChange::routes).orElse(Set.of());
    Set<String> current = routes(now);
    if (before.isPresent() && old.equals(current)) {
      return Optional.empty();
    }
    int endpoints = now.clusters().stream().map(ClusterSpec::endpoints).mapToInt(List::size).sum();
    return Optional.of(
        "Routes: "
            + current.size()
            + ", endpoints: "
            + endpoints
            + "."
            + list(" New: ", current, old)
            + list(" Gone: ", old, current));
  }

  private static Set<String> routes(RoutingSpec spec) {
    return spec.routes().stream().map(RoutingChange::text).collect(Collectors.toSet());
  }

  private static String text(RouteSpec route) {
    return route.match() + " to " + route.cluster();
  }

  private static String list(String title, Set<String> texts, Set<String> without) {
    TreeSet<String> rest = new TreeSet<>(texts);
    rest.removeAll(without);
    if (rest.isEmpty()) {
      return "";
    }
    String named = rest.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", "));
    int more = rest.size() - NAMED_AT_MOST;
    return title + named + (more > 0 ? " and " + more + " more." : ".");
  }

  private RoutingChange() {}
}
