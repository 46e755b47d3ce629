/**
 * What the protocols share. {@code http1} and {@code http2} turn bytes from clients into {@link
 * dev.fairlead.proxy.message.ClientStream}s, and {@code http1} bytes from endpoints into {@link
 * dev.fairlead.proxy.message.UpstreamStream}s; {@code hpack} is the compression of HTTP/2's fields.
 * Nobody else knows how a protocol is spelled.
 */
@NullMarked
package dev.fairlead.proxy.codec;

import org.jspecify.annotations.NullMarked;
