package dev.fairlead.config.bootstrap;

import java.time.Duration;

/**
 * How long things may take. There is no deadline for a whole exchange: what moves may live.
 *
 * @param header from a connection's (or the next request's) first byte to the end of its head
 * @param handshake for a TLS handshake
 * @param connect for a connection to a task
 * @param idle without a byte in either direction of an exchange or tunnel
 * @param keepAlive between two requests of one connection
 * @param drain from SIGTERM until what is still open is closed
 */
public record TimeoutSettings(
    Duration header,
    Duration handshake,
    Duration connect,
    Duration idle,
    Duration keepAlive,
    Duration drain) {}
