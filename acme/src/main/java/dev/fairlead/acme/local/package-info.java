/**
 * The local CA: signs certificates for names that no public CA can reach, and for every name until
 * the public CA's is there.
 */
@NullMarked
package dev.fairlead.acme.local;

import org.jspecify.annotations.NullMarked;
