/**
 * Finds what to route. {@link dev.fairlead.discovery.Provider}s look, the {@link
 * dev.fairlead.discovery.Reconciler} merges what they found and publishes it when it changed. A
 * look that failed never takes anything away.
 */
@NullMarked
package dev.fairlead.discovery;

import org.jspecify.annotations.NullMarked;
