package dev.fairlead.proxy.cluster;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint with the fewest requests in flight for its weight. It looks at all of them, from
 * another one each time, so that those that are alike get alike shares.
 */
final class LeastRequests implements Balancer {

  @Override
  public @Nullable Endpoint pick(
      Candidates candidates, List<Endpoint> tried, long nowNanos, int key) {
    Endpoint[] turns = candidates.turns();
    int start = ThreadLocalRandom.current().nextInt(turns.length);
    Endpoint best = null;
    boolean bestTakes = false;
    for (int i = start; i < start + turns.length; i++) {
      Endpoint endpoint = turns[i < turns.length ? i : i - turns.length];
      if (endpoint == best || tried.contains(endpoint)) {
        continue;
      }
      boolean takes = endpoint.state().takes(nowNanos);
      if (best == null || (takes == bestTakes ? hasFewer(endpoint, best) : takes)) {
        best = endpoint;
        bestTakes = takes;
      }
    }
    return best;
  }

  private static boolean hasFewer(Endpoint one, Endpoint other) {
    return (long) one.state().inFlight() * other.state().weight()
        < (long) other.state().inFlight() * one.state().weight();
  }
}
