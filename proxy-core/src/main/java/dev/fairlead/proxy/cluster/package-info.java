/** Clusters and endpoints (immutable), their live state, and the balancers. */
@NullMarked
package dev.fairlead.proxy.cluster;

import org.jspecify.annotations.NullMarked;
