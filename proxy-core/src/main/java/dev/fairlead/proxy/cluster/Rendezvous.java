package dev.fairlead.proxy.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For each key the endpoint that scores highest with it (Thaler and Ravishankar, "Using Name-Based
 * Mappings to Increase Hit Rates", 1998). When one leaves, its keys alone go elsewhere, all over
 * the others; all proxies choose the same.
 */
final class Rendezvous implements Balancer {

  @Override
  public @Nullable Endpoint pick(
      Candidates candidates, List<Endpoint> tried, long nowNanos, int key) {
    Endpoint[] endpoints = candidates.endpoints();
    boolean alike = candidates.areAlike();
    Endpoint best = null;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < endpoints.length; i++) {
      long mixed = mix(endpoints[i].hash() ^ key);
      double score = alike ? mixed : weighted(mixed, endpoints[i].state().weight());
      if (score > bestScore && !tried.contains(endpoints[i])) {
        best = endpoints[i];
        bestScore = score;
      }
    }
    return best;
  }

  // Of numbers from 0 to 1, this one is the largest with a probability in proportion to its weight.
  private static double weighted(long mixed, int weight) {
    double uniform = ((mixed >>> 11) + 0.5) * 0x1p-53;
    return weight / -Math.log(uniform);
  }

  // The finalizer of MurmurHash3: each bit decides about each other.
  private static long mix(long bits) {
    long mixed = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }
}
