package dev.fairlead.proxy.cluster;

import dev.fairlead.config.routing.Balance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses an endpoint. Thread-safe, without locks and without waiting. */
sealed interface Balancer permits RoundRobin, LeastRequests, PowerOfTwoChoices, Rendezvous {

  /**
   * Chooses one that was not tried yet.
   *
   * @param candidates at least one
   * @param nowNanos of {@link System#nanoTime}
   * @param key of the request, the same for those that belong together
   * @return null only when all are in {@code tried}
   */
  @Nullable Endpoint pick(Candidates candidates, List<Endpoint> tried, long nowNanos, int key);

  static Balancer of(Balance balance) {
    return switch (balance) {
      case ROUND_ROBIN -> new RoundRobin();
      case LEAST_REQUESTS -> new LeastRequests();
      case P2C -> new PowerOfTwoChoices();
      case HASH -> new Rendezvous();
    };
  }
}
