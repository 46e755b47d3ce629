package dev.fairlead.proxy.message;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the connection that a request came by.
 *
 * @param address of the peer, in digits
 * @param secure whether it came by TLS
 * @param serverName the host that the client named in TLS (RFC 6066 §3), lower case; null when none
 */
public record ClientInfo(String address, boolean secure, @Nullable String serverName) {}
