package dev.fairlead.proxy.cluster;

import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.HashKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one service and port. Immutable, but for the balancer's own place and what was
 * sent again, which go on when the endpoints change.
 */
public final class Cluster {

  private final ClusterSpec spec;
  private final List<Endpoint> endpoints;
  private final Candidates candidates;
  private final Balancer balancer;
  private final RetryBudget retries;

  /**
   * @param balancer that of the cluster before, where it chooses in the same way
   * @param retries those of the cluster before, if there was one
   */
  Cluster(ClusterSpec spec, List<Endpoint> endpoints, Balancer balancer, RetryBudget retries) {
    this.spec = spec;
    this.endpoints = List.copyOf(endpoints);
    this.candidates = Candidates.of(endpoints);
    this.balancer = balancer;
    this.retries = retries;
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

  /**
   * Whether a request may be sent again; then that is counted. From any thread, without waiting.
   *
   * @param nowNanos of {@link System#nanoTime}
   */
  public boolean mayRetry(long nowNanos) {
    long picks = 0;
    for (Endpoint endpoint : candidates.endpoints()) {
      picks += endpoint.state().picks();
    }
    return retries.take(nowNanos, picks);
  }

  /** How many requests were not sent again because too many were. */
  public long retriesRefused() {
    return retries.refused();
  }

  Balancer balancer() {
    return balancer;
  }

  RetryBudget retries() {
    return retries;
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
