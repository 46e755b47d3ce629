package dev.fairlead.proxy.cluster;

import dev.fairlead.config.routing.Balance;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Chooses an endpoint. Thread-safe, without locks and without waiting. */
sealed interface Balancer permits RoundRobin, PowerOfTwoChoices {

  /**
   * Chooses one that was not tried yet.
   *
   * @param endpoints at least one
   * @return null only when all are in {@code tried}
   */
  @Nullable Endpoint pick(Endpoint[] endpoints, List<Endpoint> tried);

  static Balancer of(Balance balance, LongSupplier nanoTime) {
    return switch (balance) {
      case ROUND_ROBIN -> new RoundRobin();
      case P2C -> new PowerOfTwoChoices(nanoTime);
    };
  }
}
