/**
 * The only package that knows a codec's message types. It turns HTTP/1.1 and HTTP/2 from clients
 * into {@link dev.fairlead.proxy.message.ClientStream}s and HTTP/1.1 to endpoints into {@link
 * dev.fairlead.proxy.message.UpstreamStream}s.
 */
@NullMarked
package dev.fairlead.proxy.codec;

import org.jspecify.annotations.NullMarked;
