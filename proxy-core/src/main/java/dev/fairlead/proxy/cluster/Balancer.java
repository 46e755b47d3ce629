package dev.fairlead.proxy.cluster;

import dev.fairlead.config.routing.Balance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses an endpoint. Thread-safe, without locks and without waiting. */
sealed interface Balancer permits RoundRobin, PowerOfTwoChoices {

  /**
   * Chooses one that was not tried yet.
   *
   * @param endpoints at least one
   * @param nowNanos of {@link System#nanoTime}
   * @return null only when all are in {@code tried}
   */
  @Nullable Endpoint pick(Endpoint[] endpoints, List<Endpoint> tried, long nowNanos);

  static Balancer of(Balance balance) {
    return switch (balance) {
      case ROUND_ROBIN -> new RoundRobin();
      case P2C -> new PowerOfTwoChoices();
    };
  }
}
