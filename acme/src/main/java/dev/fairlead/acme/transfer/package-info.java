/**
 * Takes over what another proxy has: its certificates with their keys, and its account at the CA.
 * {@link dev.fairlead.acme.transfer.CertificateImport} is the entrance. What lies there is hostile
 * until it was parsed, and no message has anything of a key.
 */
@NullMarked
package dev.fairlead.acme.transfer;

import org.jspecify.annotations.NullMarked;
