/** Deadlines by the thousand: one timer for all that wait equally long on one event loop. */
@NullMarked
package dev.fairlead.proxy.deadline;

import org.jspecify.annotations.NullMarked;
