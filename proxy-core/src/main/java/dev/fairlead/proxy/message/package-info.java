/**
 * The one model of an exchange that every codec speaks: heads, header fields, and the two streams
 * between a codec and the exchange. Nothing here knows a protocol version.
 */
@NullMarked
package dev.fairlead.proxy.message;

import org.jspecify.annotations.NullMarked;
