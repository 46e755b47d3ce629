/** One exchange from its route to its last byte. */
@NullMarked
package dev.fairlead.proxy.forward;

import org.jspecify.annotations.NullMarked;
