/**
 * From the wanted {@link dev.fairlead.config.routing.RoutingSpec} to the snapshot that requests
 * decide with; one atomic swap.
 */
@NullMarked
package dev.fairlead.proxy.snapshot;

import org.jspecify.annotations.NullMarked;
