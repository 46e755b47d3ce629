/**
 * A corpus of requests that servers read in different ways, sent through the proxy to real ones.
 */
@NullMarked
package dev.fairlead.conformance.smuggling;

import org.jspecify.annotations.NullMarked;
