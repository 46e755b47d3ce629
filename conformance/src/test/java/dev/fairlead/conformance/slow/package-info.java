/** Many clients that take their time, as slowhttptest plays them. */
@NullMarked
package dev.fairlead.conformance.slow;

import org.jspecify.annotations.NullMarked;
