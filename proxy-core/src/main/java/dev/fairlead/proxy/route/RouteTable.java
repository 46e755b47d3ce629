package dev.fairlead.proxy.route;

import dev.fairlead.config.routing.HostPattern;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Host, then path. An exact host hides a wildcard that would match too, with all its paths; among
 * the paths of a host the longest prefix wins. Immutable.
 */
public final class RouteTable {

  private final Map<String, Route[]> exact = new HashMap<>();
  private final Map<String, Route[]> wildcard = new HashMap<>();

  public RouteTable(List<Route> routes) {
    Map<HostPattern, List<Route>> byHost = new HashMap<>();
    for (Route route : routes) {
      byHost.computeIfAbsent(route.spec().host(), host -> new ArrayList<>()).add(route);
    }
    byHost.forEach(
        (host, ofHost) -> {
          ofHost.sort(Comparator.comparingInt(RouteTable::prefixLength).reversed());
          (host.wildcard() ? wildcard : exact).put(host.suffix(), ofHost.toArray(Route[]::new));
        });
  }

  /**
   * Finds where a request goes.
   *
   * @param host lower case, without a port
   * @param path in normal form
   * @return null when nothing is routed there
   */
  public @Nullable Route find(String host, String path) {
    Route[] routes = ofHost(host);
    if (routes != null) {
      for (Route route : routes) {
        if (matches(route.spec().path().value(), path)) {
          return route;
        }
      }
    }
    return null;
  }

  /** Whether anything is routed for this host. */
  public boolean knows(String host) {
    return ofHost(host) != null;
  }

  private Route @Nullable [] ofHost(String host) {
    Route[] routes = exact.get(host);
    if (routes == null && !wildcard.isEmpty()) {
      int dot = host.indexOf('.');
      routes = dot < 1 ? null : wildcard.get(host.substring(dot + 1));
    }
    return routes;
  }

  // Whole segments: /api stands for /api and /api/x, not for /apis.
  private static boolean matches(String prefix, String path) {
    return prefix.length() == 1
        || (path.startsWith(prefix)
            && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/'));
  }

  private static int prefixLength(Route route) {
    return route.spec().path().value().length();
  }
}
