package dev.fairlead.acme;

import dev.fairlead.acme.issue.CaServices;
import dev.fairlead.acme.store.RenewalStorage;
import dev.fairlead.config.bootstrap.KeySettings;
import java.util.concurrent.Semaphore;

/**
 * What decides about renewals at one CA.
 *
 * @param ca is asked for its opinion
 * @param questions how many may be under way at once, as permits
 * @param keys whether renewals keep their keys
 */
record RenewalMeans(RenewalStorage storage, CaServices ca, Semaphore questions, KeySettings keys) {}
