/**
 * Names that get a certificate because a client came for them: which ones may, and which ones have.
 * {@link dev.fairlead.acme.ondemand.OnDemandNames} is the entrance. Clients choose these names, so
 * all that is kept of them is bounded.
 */
@NullMarked
package dev.fairlead.acme.ondemand;

import org.jspecify.annotations.NullMarked;
