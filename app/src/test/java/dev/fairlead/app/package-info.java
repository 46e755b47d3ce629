/** Tests of the whole process, without Docker: that is what {@code e2e} is for. */
@NullMarked
package dev.fairlead.app;

import org.jspecify.annotations.NullMarked;
