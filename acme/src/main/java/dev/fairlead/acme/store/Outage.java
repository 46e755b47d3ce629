package dev.fairlead.acme.store;

import java.time.Instant;

/**
 * Orders of one name at one CA that failed in a row, or have to wait, for what another CA may do
 * better.
 *
 * @param failures how many failed
 * @param since the first of them
 */
public record Outage(int failures, Instant since) {}
