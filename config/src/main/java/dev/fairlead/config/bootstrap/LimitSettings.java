package dev.fairlead.config.bootstrap;

import java.time.Duration;

/**
 * How much of something there may be.
 *
 * @param connections of all clients together; further ones wait until one of them ends
 * @param connectionsPerClient of one address, or of one /64 network of IPv6; further ones are
 *     closed. Proxies that are trusted have no such limit
 * @param headerBytes of a request's head, its address included
 * @param headerCount fields of a request
 * @param uriLength bytes of a request's address
 * @param streams requests at the same time on one HTTP/2 connection
 * @param requestsPerConnection in all, one after the other or at the same time
 * @param minRate bytes in a second that a client has to move while it is waited for; 0 for any
 */
public record LimitSettings(
    int connections,
    int connectionsPerClient,
    int headerBytes,
    int headerCount,
    int uriLength,
    int streams,
    int requestsPerConnection,
    int minRate) {

  /** Whether a client that moves at all may yet be too slow. */
  public boolean hasMinRate() {
    return minRate > 0;
  }

  /** Bytes that a client has to move in such a time while it is waited for; at least one. */
  public long minBytes(Duration time) {
    return Math.max(1, time.toMillis() * minRate / 1000);
  }
}
