/** Clients that others wrote, with a real nginx behind the proxy. */
@NullMarked
package dev.fairlead.conformance.interop;

import org.jspecify.annotations.NullMarked;
