/** Headers of the PROXY protocol, right and wrong, whole and in pieces. */
@NullMarked
package dev.fairlead.proxy.codec.proxyprotocol;

import org.jspecify.annotations.NullMarked;
