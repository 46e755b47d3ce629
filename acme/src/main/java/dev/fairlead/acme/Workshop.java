package dev.fairlead.acme;

import dev.fairlead.acme.issue.Issuer;
import dev.fairlead.acme.local.LocalCa;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.NameArchive;
import dev.fairlead.acme.store.NameStateStorage;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * What the keepers of all names share, at one CA.
 *
 * @param directory of the CA
 * @param states how far each name has come
 * @param orders how many may be under way at once, as permits
 * @param privateCa whether the CA is one of the user's own
 * @param dns whether a challenge in DNS can be answered
 * @param renewals what decides about renewals
 * @param archive of the names that nobody wants, of all CAs
 * @param fallback the same at the second CA
 * @param staging the same where orders are tried out before
 */
record Workshop(
    URI directory,
    CertificateStorage storage,
    CopyKeeper copy,
    NameStateStorage states,
    Locks locks,
    Issuer issuer,
    LocalCa localCa,
    Semaphore orders,
    boolean privateCa,
    boolean dns,
    Clock clock,
    Pace pace,
    RenewalMeans renewals,
    NameArchive archive,
    Optional<Workshop> fallback,
    Optional<Workshop> staging) {}
