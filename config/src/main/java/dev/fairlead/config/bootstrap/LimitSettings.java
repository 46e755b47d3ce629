package dev.fairlead.config.bootstrap;

import dev.fairlead.config.routing.MinimumRate;

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
 * @param minRate of a client while it alone is waited for
 * @param newConnections whose first request has not come yet; for each further one the oldest of
 *     them is closed
 */
public record LimitSettings(
    int connections,
    int connectionsPerClient,
    int headerBytes,
    int headerCount,
    int uriLength,
    int streams,
    int requestsPerConnection,
    MinimumRate minRate,
    int newConnections) {}
