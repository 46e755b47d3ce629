/** Millions of requests, ordinary and broken ones: whether anything of them stays in the proxy. */
@NullMarked
package dev.fairlead.conformance.growth;

import org.jspecify.annotations.NullMarked;
