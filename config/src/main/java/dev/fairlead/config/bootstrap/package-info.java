/**
 * What is fixed at start: listeners, ACME, storage, discovery, timeouts. Records that are valid
 * once constructed; {@link dev.fairlead.config.load} makes them.
 */
@NullMarked
package dev.fairlead.config.bootstrap;

import org.jspecify.annotations.NullMarked;
