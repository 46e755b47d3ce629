package dev.fairlead.acme.store;

import java.time.Instant;

/**
 * Somebody wants a name's certificate to be replaced, whatever its age.
 *
 * @param certificate which one is to be replaced, see {@link
 *     dev.fairlead.acme.pem.KeyAndChain#fingerprint}: once another one is there the wish is
 *     fulfilled
 * @param newKey whether the key must be another one, also where renewals keep it
 * @param time when it was said
 */
public record RenewalRequest(String certificate, boolean newKey, Instant time) {}
