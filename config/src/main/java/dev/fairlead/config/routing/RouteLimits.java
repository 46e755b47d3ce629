package dev.fairlead.config.routing;

import java.time.Duration;
import java.util.Optional;

/**
 * How much time, how many bytes and how many tries the requests of a route have, where that is not
 * for the settings of the process to say.
 *
 * @param connect for a connection to a task; empty for {@code timeouts.connect}
 * @param idle without a byte in either direction; empty for {@code timeouts.idle}
 * @param bodyBytes of a request's body at most; empty for any number
 * @param minRate of a client; empty for {@code limits.min-rate}
 * @param retries how often they are tried
 */
public record RouteLimits(
    Optional<Duration> connect,
    Optional<Duration> idle,
    Optional<Long> bodyBytes,
    Optional<MinimumRate> minRate,
    RetrySpec retries) {

  /** As the settings say. */
  public static final RouteLimits NONE =
      new RouteLimits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** With the usual number of tries. */
  public RouteLimits(
      Optional<Duration> connect,
      Optional<Duration> idle,
      Optional<Long> bodyBytes,
      Optional<MinimumRate> minRate) {
    this(connect, idle, bodyBytes, minRate, RetrySpec.DEFAULT);
  }
}
