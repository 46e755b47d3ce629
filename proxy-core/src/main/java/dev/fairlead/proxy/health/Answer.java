package dev.fairlead.proxy.health;

import dev.fairlead.proxy.cluster.Cluster;
import java.util.List;

/** What a {@link Probe} found out; to be applied by whoever looks at the clusters. */
@FunctionalInterface
interface Answer {

  /**
   * Draws the consequences.
   *
   * @param clusters as they are now
   */
  void apply(List<Cluster> clusters, long nowNanos);
}
