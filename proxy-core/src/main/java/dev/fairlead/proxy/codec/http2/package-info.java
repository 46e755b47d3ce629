/**
 * HTTP/2 from clients (RFC 9113), without a channel, a promise or a map per stream. Bytes become
 * frames in {@link dev.fairlead.proxy.codec.http2.FrameReader}, frames become requests in {@link
 * dev.fairlead.proxy.codec.http2.Inbound}; what the streams have to say is gathered and leaves in
 * one write at the end of the event loop's turn, by {@link
 * dev.fairlead.proxy.codec.http2.Outbound}.
 */
@NullMarked
package dev.fairlead.proxy.codec.http2;

import org.jspecify.annotations.NullMarked;
