/** testssl.sh against the proxy's TLS port. */
@NullMarked
package dev.fairlead.conformance.tls;

import org.jspecify.annotations.NullMarked;
