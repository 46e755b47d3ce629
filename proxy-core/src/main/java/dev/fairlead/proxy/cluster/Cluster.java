package dev.fairlead.proxy.cluster;

import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.HashKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one service and port. Immutable, but for the balancer's own place, which goes on
 * when the endpoints change.
 */
public final class Cluster {

  private final ClusterSpec spec;
  private final List<Endpoint> endpoints;
  private final Candidates candidates;
  private final Balancer balancer;

  Cluster(ClusterSpec spec, List<Endpoint> endpoints, Balancer balancer) {
    this.spec = spec;
    this.endpoints = List.copyOf(endpoints);
    this.candidates = Candidates.of(endpoints);
    this.balancer = balancer;
  }

  /**
   * Chooses an endpoint for a request. From any thread, without waiting.
   *
   * @param tried those that failed the same request already
   * @param nowNanos of {@link System#nanoTime}, for what was seen to fade
   * @param key of the request, where the cluster goes by one ({@link HashKey}); else any
   * @return null when there is none left
   */
  public @Nullable Endpoint pick(List<Endpoint> tried, long nowNanos, int key) {
    return candidates.isEmpty() ? null : balancer.pick(candidates, tried, nowNanos, key);
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
    return endpoints;
  }

  @Override
  public String toString() {
    return spec.name();
  }
}
