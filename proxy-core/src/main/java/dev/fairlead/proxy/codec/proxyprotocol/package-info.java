/**
 * The PROXY protocol, version 1 and 2 (haproxy.org, {@code proxy-protocol.txt}): what a proxy in
 * front writes at the beginning of a connection to tell whose it is.
 */
@NullMarked
package dev.fairlead.proxy.codec.proxyprotocol;

import org.jspecify.annotations.NullMarked;
