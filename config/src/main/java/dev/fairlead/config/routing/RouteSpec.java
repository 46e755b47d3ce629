package dev.fairlead.config.routing;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Requests for one host below one path go to one cluster.
 *
 * @param name for people: the service, and the route's own name when it has one ({@code shop/api})
 * @param host which hosts are meant
 * @param path which paths are meant; the longest that matches a request wins
 * @param stripPath whether the prefix {@code path} is removed before the request is forwarded
 * @param cluster the name of a {@link ClusterSpec} in the same {@link RoutingSpec}
 * @param tls where the host's certificate comes from
 * @param redirectToHttps whether a request that came by plain HTTP is answered with a redirect
 * @param limits of its requests
 * @param onDemand who decides which names below its wildcard get certificates of their own; empty
 *     where none does
 * @param together the hosts that share one certificate, this one among them, that which orders it
 *     first; empty where the host has its own
 */
public record RouteSpec(
    String name,
    HostPattern host,
    PathPrefix path,
    boolean stripPath,
    String cluster,
    TlsMode tls,
    boolean redirectToHttps,
    RouteLimits limits,
    Optional<OnDemand> onDemand,
    List<HostPattern> together)
    implements Comparable<RouteSpec> {

  private static final Comparator<RouteSpec> ORDER =
      Comparator.comparing((RouteSpec route) -> route.host.toString())
          .thenComparing(route -> route.path.toString())
          .thenComparing(RouteSpec::name);

  public RouteSpec {
    together = List.copyOf(together);
    if (tls == TlsMode.OFF && redirectToHttps) {
      throw new IllegalArgumentException(
          "route %s: redirect https (expected: off, as tls is off)".formatted(name));
    }
    if (onDemand.isPresent() && !(host.wildcard() && tls == TlsMode.ACME)) {
      throw new IllegalArgumentException(
          "route %s: on-demand (expected: of a wildcard, and tls acme)".formatted(name));
    }
    if (!together.isEmpty() && !(together.contains(host) && tls == TlsMode.ACME)) {
      throw new IllegalArgumentException(
          "route %s: together (expected: with its host, and tls acme)".formatted(name));
    }
  }

  /** A route that gives no name a certificate on demand. */
  public RouteSpec(
      String name,
      HostPattern host,
      PathPrefix path,
      boolean stripPath,
      String cluster,
      TlsMode tls,
      boolean redirectToHttps,
      RouteLimits limits) {
    this(name, host, path, stripPath, cluster, tls, redirectToHttps, limits, Optional.empty());
  }

  /** A route whose host has a certificate of its own. */
  public RouteSpec(
      String name,
      HostPattern host,
      PathPrefix path,
      boolean stripPath,
      String cluster,
      TlsMode tls,
      boolean redirectToHttps,
      RouteLimits limits,
      Optional<OnDemand> onDemand) {
    this(name, host, path, stripPath, cluster, tls, redirectToHttps, limits, onDemand, List.of());
  }

  /** What a request must have to take a route; unique in a {@link RoutingSpec}. */
  public record Match(HostPattern host, PathPrefix path) {
    @Override
    public String toString() {
      return host.authority() + path;
    }
  }

  /** The host and the path of this route. */
  public Match match() {
    return new Match(host, path);
  }

  @Override
  public int compareTo(RouteSpec other) {
    return ORDER.compare(this, other);
  }
}
