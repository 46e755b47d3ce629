/**
 * Finds out which endpoints are well, by what becomes of the requests that they get. Writes the
 * state of endpoints, and nothing else; never on an event loop.
 */
@NullMarked
package dev.fairlead.proxy.health;

import org.jspecify.annotations.NullMarked;
