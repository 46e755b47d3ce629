/** Tests of a start, from within. */
@NullMarked
package dev.fairlead.app.instance;

import org.jspecify.annotations.NullMarked;
