/** A CA of the tests' own, whose time is moved: years of orders pass in a minute. */
@NullMarked
package dev.fairlead.acme.simulated;

import org.jspecify.annotations.NullMarked;
