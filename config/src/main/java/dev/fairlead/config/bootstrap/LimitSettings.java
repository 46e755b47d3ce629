package dev.fairlead.config.bootstrap;

/**
 * How much of something there may be at most.
 *
 * @param connections of all clients together; further ones wait until one of them ends
 * @param connectionsPerClient of one address, or of one /64 network of IPv6; further ones are
 *     closed. Proxies that are trusted have no such limit
 */
public record LimitSettings(int connections, int connectionsPerClient) {}
