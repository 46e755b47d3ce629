/**
 * A private key with its certificate chain, and the text files they are kept in: PKCS#8 keys (RFC
 * 5958) and certificates in PEM (RFC 7468). Values only: no files, no threads.
 */
@NullMarked
package dev.fairlead.acme.pem;

import org.jspecify.annotations.NullMarked;
