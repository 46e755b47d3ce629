/** Whether an order can succeed, as a real BIND and real servers at loopback addresses tell. */
@NullMarked
package dev.fairlead.acme.preflight;

import org.jspecify.annotations.NullMarked;
