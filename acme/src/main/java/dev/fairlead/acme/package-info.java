/**
 * The certificate life cycle: which names have a certificate, when it is renewed, what is served
 * until it is there. {@link dev.fairlead.acme.CertificateManager} is the entrance.
 *
 * <p>Everything here is control plane: it blocks, on virtual threads, and every wait has an end.
 * The data plane is handed complete immutable values through {@link
 * dev.fairlead.acme.CertificateListener} and never waits for anything here.
 */
@NullMarked
package dev.fairlead.acme;

import org.jspecify.annotations.NullMarked;
