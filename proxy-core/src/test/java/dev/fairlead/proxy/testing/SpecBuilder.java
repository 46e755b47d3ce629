package dev.fairlead.proxy.testing;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.PathPrefix;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.config.routing.TlsMode;
import dev.fairlead.config.routing.UpstreamSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds a {@link RoutingSpec} in the words of a test. */
public final class SpecBuilder {

  private final List<RouteSpec> routes = new ArrayList<>();
  private final List<ClusterSpec> clusters = new ArrayList<>();

  /** Routes a host, by plain HTTP and HTTPS without a redirect, to endpoints in turns. */
  public SpecBuilder route(String host, EndpointSpec... endpoints) {
    return route(host, "/", false, endpoints);
  }

  /** Routes a host to origins in turns. */
  public SpecBuilder route(String host, Origin... origins) {
    return route(host, endpoints(origins));
  }

  /** Routes what is below {@code path}. */
  public SpecBuilder route(String host, String path, boolean strip, EndpointSpec... endpoints) {
    return add(host, path, strip, TlsMode.ACME, false, endpoints);
  }

  /** Routes a host by HTTPS only: plain HTTP is redirected. */
  public SpecBuilder redirected(String host, Origin... origins) {
    return add(host, "/", false, TlsMode.ACME, true, endpoints(origins));
  }

  /** Routes a host by plain HTTP only. */
  public SpecBuilder plainOnly(String host, Origin... origins) {
    return add(host, "/", false, TlsMode.OFF, false, endpoints(origins));
  }

  /** Routes a host to endpoints that are spoken to in some other way than by plain HTTP/1.1. */
  public SpecBuilder route(String host, UpstreamSpec upstream, EndpointSpec... endpoints) {
    return add(host, "/", false, TlsMode.ACME, false, upstream, endpoints);
  }

  /** Gives the requests of the route that was named last limits of its own. */
  public SpecBuilder limited(RouteLimits limits) {
    RouteSpec last = routes.removeLast();
    routes.add(
        new RouteSpec(
            last.name(),
            last.host(),
            last.path(),
            last.stripPath(),
            last.cluster(),
            last.tls(),
            last.redirectToHttps(),
            limits));
    return this;
  }

  /** Shares the requests of the route that was named last in some other way than in turns. */
  public SpecBuilder shared(ClusterPolicy policy) {
    ClusterSpec last = clusters.removeLast();
    clusters.add(new ClusterSpec(last.name(), policy, last.upstream(), last.endpoints()));
    return this;
  }

  private SpecBuilder add(
      String host,
      String path,
      boolean strip,
      TlsMode tls,
      boolean redirect,
      EndpointSpec... endpoints) {
    return add(host, path, strip, tls, redirect, UpstreamSpec.PLAIN, endpoints);
  }

  private SpecBuilder add(
      String host,
      String path,
      boolean strip,
      TlsMode tls,
      boolean redirect,
      UpstreamSpec upstream,
      EndpointSpec... endpoints) {
    String cluster = host + path;
    routes.add(
        new RouteSpec(
            cluster,
            HostPattern.parse(host).orElseThrow(),
            PathPrefix.parse(path).orElseThrow(),
            strip,
            cluster,
            tls,
            redirect,
            RouteLimits.NONE));
    clusters.add(
        new ClusterSpec(
            cluster, ClusterPolicy.of(Balance.ROUND_ROBIN), upstream, List.of(endpoints)));
    return this;
  }

  public RoutingSpec build() {
    return new RoutingSpec(routes, clusters);
  }

  private static EndpointSpec[] endpoints(Origin... origins) {
    return Arrays.stream(origins).map(Origin::endpoint).toArray(EndpointSpec[]::new);
  }
}
