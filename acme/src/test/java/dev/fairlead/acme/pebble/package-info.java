/** A real ACME server for tests: Pebble, from Debian's package, as a child process. */
@NullMarked
package dev.fairlead.acme.pebble;

import org.jspecify.annotations.NullMarked;
