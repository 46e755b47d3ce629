/** Tests of a start, from within. */
@NullMarked
package dev.fairlead.app.log;

import org.jspecify.annotations.NullMarked;
