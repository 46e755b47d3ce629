package dev.fairlead.config.routing;

import java.time.Duration;
import java.util.Optional;

/**
 * How the endpoints of a cluster are asked again and again whether they are well.
 *
 * @param path of a GET request, with a query if any; empty where a connection is enough
 * @param host that the request names
 * @param statuses of an answer that is well
 * @param interval between two checks of an endpoint, give or take a tenth
 * @param timeout of a check
 * @param fall how many failures in a row it takes to leave an endpoint out
 * @param rise how many successes in a row it takes to use it again
 */
public record HealthCheck(
    Optional<String> path,
    String host,
    StatusRanges statuses,
    Duration interval,
    Duration timeout,
    int fall,
    int rise) {

  public HealthCheck {
    if (!interval.isPositive() || !timeout.isPositive() || fall < 1 || rise < 1) {
      throw new IllegalArgumentException(
          "health: interval %s, timeout %s, fall %d, rise %d (expected: more than 0)"
              .formatted(interval, timeout, fall, rise));
    }
  }
}
