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
 * @param sticky the name of the cookie by which a client stays with an endpoint; empty for none
 * @param admission how many requests they take
 * @param check how it is found out whether they are well; empty for only by their requests
 */
public record ClusterPolicy(
    Balance balance,
    HashKey hashKey,
    Duration slowStart,
    boolean ejects,
    Optional<String> sticky,
    Admission admission,
    Optional<HealthCheck> check) {

  public ClusterPolicy {
    if (slowStart.isNegative()) {
      throw new IllegalArgumentException(
          "slow-start: %s (expected: 0 or more)".formatted(slowStart));
    }
  }

  /** Nothing but a way to choose. */
  public static ClusterPolicy of(Balance balance) {
    return new ClusterPolicy(
        balance,
        HashKey.CLIENT,
        Duration.ZERO,
        true,
        Optional.empty(),
        Admission.ANY,
        Optional.empty());
  }

  /** The same, with requests that belong together going by something of theirs. */
  public ClusterPolicy withHashKey(HashKey key) {
    return new ClusterPolicy(balance, key, slowStart, ejects, sticky, admission, check);
  }

  /** The same, with another slow start. */
  public ClusterPolicy withSlowStart(Duration time) {
    return new ClusterPolicy(balance, hashKey, time, ejects, sticky, admission, check);
  }

  /** The same, whoever fails. */
  public ClusterPolicy withoutEjection() {
    return new ClusterPolicy(balance, hashKey, slowStart, false, sticky, admission, check);
  }

  /** The same, with clients that stay. */
  public ClusterPolicy withSticky(String cookie) {
    return new ClusterPolicy(
        balance, hashKey, slowStart, ejects, Optional.of(cookie), admission, check);
  }

  /** The same, with limits. */
  public ClusterPolicy withAdmission(Admission limits) {
    return new ClusterPolicy(balance, hashKey, slowStart, ejects, sticky, limits, check);
  }

  /** The same, with checks. */
  public ClusterPolicy withCheck(Optional<HealthCheck> how) {
    return new ClusterPolicy(balance, hashKey, slowStart, ejects, sticky, admission, how);
  }
}
