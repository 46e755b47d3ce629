/** Connections to endpoints: one pool per event loop; connect, reuse, expire. */
@NullMarked
package dev.fairlead.proxy.upstream;

import org.jspecify.annotations.NullMarked;
