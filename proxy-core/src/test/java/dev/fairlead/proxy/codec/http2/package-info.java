/** Tests of HTTP/2, most of them without a network: on frozen time, frame by frame. */
@NullMarked
package dev.fairlead.proxy.codec.http2;

import org.jspecify.annotations.NullMarked;
