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
  private volatile Candidates candidates;
  private final Balancer balancer;
  private final RetryBudget retries;

  /**
   * @param balancer that of the cluster before, where it chooses in the same way
   * @param retries those of the cluster before, if there was one
   */
  Cluster(ClusterSpec spec, List<Endpoint> endpoints, Balancer balancer, RetryBudget retries) {
    this.spec = spec;
    this.endpoints = List.copyOf(endpoints);
    this.candidates = chosenFrom(endpoints);
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
    Candidates from = candidates;
    return from.isEmpty() ? null : balancer.pick(from, tried, nowNanos, key);
  }

  /** Some endpoint serves now, or serves no more: what is chosen from is found anew. */
  public void review() {
    candidates = chosenFrom(endpoints);
  }

  // When none is well, all are as good as each other: better a chance than none.
  private static Candidates chosenFrom(List<Endpoint> all) {
    List<Endpoint> well = all.stream().filter(endpoint -> endpoint.state().serves()).toList();
    return Candidates.of(well.isEmpty() ? all : well);
  }

  /**
   * Whether a request may be sent again; then that is counted. From any thread, without waiting.
   *
   * @param nowNanos of {@link System#nanoTime}
   */
  public boolean mayRetry(long nowNanos) {
    long picks = 0;
    for (Endpoint endpoint : endpoints) {
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
