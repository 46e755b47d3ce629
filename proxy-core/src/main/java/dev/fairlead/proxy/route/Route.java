package dev.fairlead.proxy.route;

import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.proxy.cluster.Cluster;

/** A route with the cluster that it leads to. */
public record Route(RouteSpec spec, Cluster cluster) {

  /** The path that the endpoint gets for a request's path that this route matches. */
  public String forwardedPath(String path) {
    String prefix = spec.path().value();
    if (!spec.stripPath() || prefix.equals("/")) {
      return path;
    }
    return path.length() == prefix.length() ? "/" : path.substring(prefix.length());
  }
}
