/** A real DNS server for tests. */
@NullMarked
package dev.fairlead.acme.bind;

import org.jspecify.annotations.NullMarked;
