package dev.fairlead.proxy.cluster;

import dev.fairlead.config.routing.ClusterSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one service and port. Immutable, but for the balancer's own place, which goes on
 * when the endpoints change.
 */
public final class Cluster {

  private final ClusterSpec spec;
  private final Endpoint[] endpoints;
  private final Balancer balancer;

  Cluster(ClusterSpec spec, List<Endpoint> endpoints, Balancer balancer) {
    this.spec = spec;
    this.endpoints = endpoints.toArray(Endpoint[]::new);
    this.balancer = balancer;
  }

  /**
   * Chooses an endpoint for a request. From any thread, without waiting.
   *
   * @param tried those that failed the same request already
   * @param nowNanos of {@link System#nanoTime}, for what was seen to fade
   * @return null when there is none left
   */
  public @Nullable Endpoint pick(List<Endpoint> tried, long nowNanos) {
    return endpoints.length == 0 ? null : balancer.pick(endpoints, tried, nowNanos);
  }

  Balancer balancer() {
    return balancer;
  }

  public ClusterSpec spec() {
    return spec;
  }

  public String name() {
    return spec.name();
  }

  public List<Endpoint> endpoints() {
    return List.of(endpoints);
  }

  @Override
  public String toString() {
    return spec.name();
  }
}
