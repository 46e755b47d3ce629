/**
 * What tests of the data plane are made with: a proxy on ports of its own, origins that can be told
 * what to do wrong, clients that see every byte, certificates, and the detector of leaks. Used by
 * the tests of other modules, too.
 */
@NullMarked
package dev.fairlead.proxy.testing;

import org.jspecify.annotations.NullMarked;
