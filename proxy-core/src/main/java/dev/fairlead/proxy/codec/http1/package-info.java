/**
 * HTTP/1.1 and 1.0 (RFC 9112): our own reader and writer. What a head is and where a body ends is
 * read by pure state machines over bytes ({@code HeadParser}, {@code BodyReader}); a head that can
 * be read in two ways is refused.
 */
@NullMarked
package dev.fairlead.proxy.codec.http1;

import org.jspecify.annotations.NullMarked;
