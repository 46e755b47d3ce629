package dev.fairlead.config.routing;

/** How an endpoint of a cluster is chosen for a request. Each has its share by its weight. */
public enum Balance {
  /** One after the other. */
  ROUND_ROBIN,
  /** The one with the fewest requests in flight. */
  LEAST_REQUESTS,
  /**
   * Power of two choices: of two endpoints taken at random, the one with the smaller product of
   * latency (peak EWMA) and requests in flight.
   */
  P2C,
  /** The same one for the same {@link HashKey}, whoever comes and goes among the others. */
  HASH
}
