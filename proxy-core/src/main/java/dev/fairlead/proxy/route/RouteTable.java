package dev.fairlead.proxy.route;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.RouteSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Host, then path. An exact host hides a wildcard that would match too, with all its paths; among
 * the paths of a host the longest prefix wins. Immutable.
 */
public final class RouteTable {

  private final HostTable exact;
  private final HostTable wildcard;

  public RouteTable(List<Route> routes) {
    Map<HostPattern, List<Route>> byHost = new HashMap<>();
    for (Route route : routes) {
      byHost.computeIfAbsent(route.spec().host(), host -> new ArrayList<>()).add(route);
    }
    this.exact = table(byHost, false);
    this.wildcard = table(byHost, true);
  }

  private static HostTable table(Map<HostPattern, List<Route>> byHost, boolean wildcard) {
    List<Host> hosts = new ArrayList<>();
    byHost.forEach(
        (pattern, routes) -> {
          if (pattern.wildcard() == wildcard) {
            hosts.add(new Host(wildcard ? pattern.suffix() : pattern.authority(), routes));
          }
        });
    return new HostTable(hosts);
  }

  /**
   * Finds where a request goes. Allocates nothing.
   *
   * @param host lower case, without a port; IPv6 in its one form, in brackets
   * @param path in normal form
   * @return null when nothing is routed there
   */
  public @Nullable Route find(String host, String path) {
    Host found = host(host);
    return found == null ? null : found.find(path);
  }

  /** Whether anything is routed for this host. */
  public boolean knows(String host) {
    return host(host) != null;
  }

  /** Whether one of the routes of a host is such a one, whatever its path. */
  public boolean any(String host, Predicate<RouteSpec> condition) {
    Host found = host(host);
    return found != null && found.any(condition);
  }

  private @Nullable Host host(String name) {
    Host found = exact.find(name, 0);
    if (found != null) {
      return found;
    }
    int dot = name.indexOf('.');
    return dot < 1 ? null : wildcard.find(name, dot + 1);
  }
}
