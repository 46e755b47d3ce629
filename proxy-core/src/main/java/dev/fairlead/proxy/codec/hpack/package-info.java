/**
 * The compression of header fields in HTTP/2 (HPACK, RFC 7541). Pure functions of bytes: nothing
 * here knows a frame, a stream or a channel.
 */
@NullMarked
package dev.fairlead.proxy.codec.hpack;

import org.jspecify.annotations.NullMarked;
