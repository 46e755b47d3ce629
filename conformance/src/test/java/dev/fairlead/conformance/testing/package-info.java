/** Programs of the machine, and servers made of them. */
@NullMarked
package dev.fairlead.conformance.testing;

import org.jspecify.annotations.NullMarked;
