package dev.fairlead.config.routing;

/** How an endpoint of a cluster is chosen for a request. */
public enum Balance {
  /** One after the other. */
  ROUND_ROBIN,
  /**
   * Power of two choices: of two endpoints taken at random, the one with the smaller product of
   * latency (peak EWMA) and requests in flight.
   */
  P2C
}
