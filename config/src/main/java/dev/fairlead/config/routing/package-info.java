/**
 * What is wanted of the data plane: one immutable {@link dev.fairlead.config.routing.RoutingSpec}
 * of routes, clusters and endpoints. {@code equals} means "nothing changed". Values only: no I/O,
 * no threads, no library types.
 */
@NullMarked
package dev.fairlead.config.routing;

import org.jspecify.annotations.NullMarked;
