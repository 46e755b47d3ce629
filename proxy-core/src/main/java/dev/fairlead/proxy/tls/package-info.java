/** From a ClientHello to the TLS context that answers it; never blocks. */
@NullMarked
package dev.fairlead.proxy.tls;

import org.jspecify.annotations.NullMarked;
