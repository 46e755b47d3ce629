package dev.fairlead.proxy.message;

import java.net.InetSocketAddress;

/**
 * Both ends of a client's connection, resolved.
 *
 * @param client whose it is; port 0 where only the address is known
 * @param own where it was accepted
 */
public record ConnectionEnds(InetSocketAddress client, InetSocketAddress own) {}
