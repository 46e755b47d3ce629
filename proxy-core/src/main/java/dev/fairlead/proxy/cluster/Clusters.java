package dev.fairlead.proxy.cluster;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.UpstreamSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the clusters of a new snapshot out of those of the one before it: what did not change stays
 * the same object, and every endpoint that is still there keeps its {@link EndpointState}. One
 * thread.
 */
public final class Clusters {

  private StickyTokens tokens;
  private boolean rekeyed;
  private final List<Endpoint> retired = new ArrayList<>();
  private Map<String, Cluster> current = Map.of();

  public Clusters(StickyTokens tokens) {
    this.tokens = tokens;
  }

  /** From the next update on clients are given these. */
  public void tokens(StickyTokens next) {
    tokens = next;
    rekeyed = true;
  }

  /**
   * Makes {@code specs} the current clusters. Endpoints that are in no cluster of that name any
   * more are retired.
   *
   * @param nowNanos of {@link System#nanoTime}: when new endpoints join
   * @return by name
   */
  public Map<String, Cluster> update(List<ClusterSpec> specs, long nowNanos) {
    Map<String, Cluster> next = new HashMap<>();
    for (ClusterSpec spec : specs) {
      Cluster before = current.get(spec.name());
      boolean same =
          before != null
              && before.spec().equals(spec)
              && (!rekeyed || spec.policy().sticky().isEmpty());
      next.put(spec.name(), same ? before : build(spec, before, nowNanos));
    }
    current.forEach((name, before) -> retire(before, next.get(name)));
    current = Map.copyOf(next);
    rekeyed = false;
    return current;
  }

  private Cluster build(ClusterSpec spec, @Nullable Cluster before, long nowNanos) {
    Balance balance = spec.policy().balance();
    Balancer balancer =
        before != null && before.spec().policy().balance() == balance
            ? before.balancer()
            : Balancer.of(balance);
    Map<String, Endpoint> known = new HashMap<>();
    if (before != null && before.spec().upstream().equals(spec.upstream())) {
      before.endpoints().forEach(endpoint -> known.put(endpoint.toString(), endpoint));
    }
    // Where there were none before, all of them are new, and somebody has to answer.
    boolean joins = spec.endpoints().stream().anyMatch(one -> known.containsKey(one.toString()));
    List<Endpoint> endpoints = new ArrayList<>();
    for (EndpointSpec one : spec.endpoints()) {
      Endpoint endpoint = known.get(one.toString());
      if (endpoint == null) {
        EndpointState state = new EndpointState(nowNanos, joins, spec.policy().slowStart());
        if (joins && spec.policy().check().isPresent()) {
          // Those before it go on until it is known to be well.
          state.fall();
        }
        endpoint = endpoint(one, spec.upstream(), state);
      }
      endpoint.state().weight(one.weight());
      endpoints.add(endpoint);
    }
    Cluster next = new Cluster(spec, endpoints, balancer, tokens(spec, endpoints), before);
    next.takeOver();
    return next;
  }

  private Map<Endpoint, String> tokens(ClusterSpec spec, List<Endpoint> endpoints) {
    return spec.policy().sticky().isEmpty()
        ? Map.of()
        : endpoints.stream()
            .collect(
                Collectors.toMap(
                    Function.identity(), endpoint -> tokens.of(spec.name(), endpoint.toString())));
  }

  /** Those that were retired since this was asked last. */
  public List<Endpoint> takeRetired() {
    List<Endpoint> taken = List.copyOf(retired);
    retired.clear();
    return taken;
  }

  private static Endpoint endpoint(EndpointSpec spec, UpstreamSpec upstream, EndpointState state) {
    // Digits only (EndpointSpec checks it), so this never asks a name server.
    InetAddress address = InetAddress.ofLiteral(spec.address());
    return new Endpoint(spec, upstream, new InetSocketAddress(address, spec.port()), state);
  }

  private void retire(Cluster before, @Nullable Cluster after) {
    if (before == after) {
      return;
    }
    Set<Endpoint> kept = after == null ? Set.of() : Set.copyOf(after.endpoints());
    for (Endpoint endpoint : before.endpoints()) {
      if (!kept.contains(endpoint)) {
        endpoint.state().retire();
        retired.add(endpoint);
      }
    }
  }
}
