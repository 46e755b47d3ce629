package dev.fairlead.config.routing;

import java.time.Duration;
import java.util.Optional;

/**
 * How a cluster's endpoints share its requests.
 *
 * @param hashKey for {@link Balance#HASH}
 * @param slowStart in which the share of an endpoint that joins others grows from little to all;
 *     zero for at once
 * @param ejects whether an endpoint that fails while others do not is left out for a while
 * @param check how it is found out whether they are well; empty for only by their requests
 */
public record ClusterPolicy(
    Balance balance,
    HashKey hashKey,
    Duration slowStart,
    boolean ejects,
    Optional<HealthCheck> check) {

  public ClusterPolicy {
    if (slowStart.isNegative()) {
      throw new IllegalArgumentException(
          "slow-start: %s (expected: 0 or more)".formatted(slowStart));
    }
  }

  /** Nothing but a way to choose. */
  public static ClusterPolicy of(Balance balance) {
    return new ClusterPolicy(balance, HashKey.CLIENT, Duration.ZERO, true, Optional.empty());
  }
}
