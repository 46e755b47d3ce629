package dev.fairlead.proxy.cluster;

import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.HashKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one service and port. Immutable, but for what is counted, and for which of the
 * endpoints are well.
 */
public final class Cluster {

  private final ClusterSpec spec;
  private final List<Endpoint> endpoints;
  private final Balancer balancer;
  private final Map<Endpoint, String> tokens;
  private final Map<String, Endpoint> byToken = new HashMap<>();
  private final ClusterState state;
  private volatile Candidates candidates;

  /**
   * @param before the one of its name that it replaces, if there is one
   * @param tokens what clients are given to stay; empty where none do
   */
  Cluster(
      ClusterSpec spec,
      List<Endpoint> endpoints,
      Balancer balancer,
      Map<Endpoint, String> tokens,
      @Nullable Cluster before) {
    this.spec = spec;
    this.endpoints = List.copyOf(endpoints);
    this.balancer = balancer;
    this.tokens = Map.copyOf(tokens);
    tokens.forEach((endpoint, token) -> byToken.put(token, endpoint));
    this.candidates = chosenFrom(this.endpoints);
    this.state = before == null ? new ClusterState(this) : before.state;
  }

  /** From now on whoever has one of its name chooses from this one. */
  void takeOver() {
    state.replace(this);
  }

  /** The one that has taken the place of this one; else itself. */
  public Cluster current() {
    return state.current();
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
    state.waitingRoom().callAll();
  }

  // When none is well, all are as good as each other: better a chance than none.
  private static Candidates chosenFrom(List<Endpoint> all) {
    List<Endpoint> well = all.stream().filter(endpoint -> endpoint.state().serves()).toList();
    return Candidates.of(well.isEmpty() ? all : well);
  }

  /** What a client of an endpoint is given to stay; null where clients do not. */
  public @Nullable String token(Endpoint endpoint) {
    return tokens.get(endpoint);
  }

  /** The endpoint of a client that was given this; null when it is gone, or there never was one. */
  public @Nullable Endpoint byToken(String token) {
    return byToken.get(token);
  }

  /**
   * Whether a request may be sent again; then that is counted. From any thread, without waiting.
   *
   * @param nowNanos of {@link System#nanoTime}
   */
  public boolean mayRetry(long nowNanos) {
    return state.retries().take(nowNanos, picks());
  }

  /** Looks how many requests there are, several times in ten seconds: that bounds retries. */
  public void countRequests(long nowNanos) {
    state.retries().count(nowNanos, picks());
  }

  private long picks() {
    long picks = 0;
    for (Endpoint endpoint : endpoints) {
      picks += endpoint.state().picks();
    }
    return picks;
  }

  /** How many requests were not sent again because too many were. */
  public long retriesRefused() {
    return state.retries().refused();
  }

  /** An exchange ended at an endpoint: somebody who waits may have its place. */
  public void freed() {
    if (spec.policy().sticky().isEmpty()) {
      state.waitingRoom().callOne();
    } else {
      // Each waits for its own.
      state.waitingRoom().callAll();
    }
  }

  /** Where requests wait for an endpoint. */
  public WaitingRoom waitingRoom() {
    return state.waitingRoom();
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
