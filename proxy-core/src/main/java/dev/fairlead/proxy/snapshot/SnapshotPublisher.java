package dev.fairlead.proxy.snapshot;

import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.cluster.Clusters;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.route.Route;
import dev.fairlead.proxy.route.RouteTable;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the control plane hands a new spec to the data plane. {@link #current} is one volatile read
 * on any thread; {@link #publish} compiles off the event loops and swaps once.
 */
public final class SnapshotPublisher {

  private final Clusters clusters;
  private final LongSupplier nanoTime;
  private volatile @Nullable Snapshot current;

  /**
   * Nothing is published yet.
   *
   * @param nanoTime as {@link System#nanoTime}
   * @param tokens for clients that stay with a task
   */
  public SnapshotPublisher(LongSupplier nanoTime, StickyTokens tokens) {
    this.nanoTime = nanoTime;
    this.clusters = new Clusters(tokens);
  }

  /**
   * Null until the first spec was published: then nothing is known, not even that a host is not.
   */
  public @Nullable Snapshot current() {
    return current;
  }

  /** Makes {@code spec} what every request from now on decides with. */
  public synchronized void publish(RoutingSpec spec) {
    Map<String, Cluster> byName = clusters.update(spec.clusters(), nanoTime.getAsLong());
    List<Route> routes =
        spec.routes().stream()
            .map(
                route -> {
                  Cluster cluster = byName.get(route.cluster());
                  if (cluster == null) {
                    throw new IllegalStateException("a RoutingSpec has every cluster it names");
                  }
                  return new Route(route, cluster);
                })
            .toList();
    current = new Snapshot(spec, new RouteTable(routes), List.copyOf(byName.values()));
  }

  /** What clients are given to stay with a task is signed with another key from now on. */
  public synchronized void stickyTokens(StickyTokens tokens) {
    clusters.tokens(tokens);
    Snapshot snapshot = current;
    if (snapshot != null) {
      publish(snapshot.spec());
    }
  }

  /**
   * The clusters as they are now, while none of them can be replaced: whoever changes what an
   * endpoint is good for has them find out whom they choose from. Not on an event loop.
   *
   * @param change gets them, and the endpoints that have left since it was called last
   */
  public synchronized void review(BiConsumer<List<Cluster>, List<Endpoint>> change) {
    Snapshot snapshot = current;
    if (snapshot != null) {
      change.accept(snapshot.clusters(), clusters.takeRetired());
    }
  }
}
