package dev.fairlead.proxy.health;

import dev.fairlead.proxy.cluster.Outcomes;

/**
 * What an endpoint, or several together, did; up to a moment, or within a stretch of time.
 *
 * @param ended exchanges that were answered, or lost
 * @param failures of them: no answer, or 502, 503 or 504
 * @param serverErrors of them: an answer of 5xx
 */
record Counts(long ended, long failures, long serverErrors) {

  static final Counts NONE = new Counts(0, 0, 0);

  /** Up to now. */
  static Counts of(Outcomes outcomes) {
    return new Counts(outcomes.ended(), outcomes.failures(), outcomes.serverErrors());
  }

  Counts minus(Counts before) {
    return new Counts(
        ended - before.ended, failures - before.failures, serverErrors - before.serverErrors);
  }

  Counts plus(Counts other) {
    return new Counts(
        ended + other.ended, failures + other.failures, serverErrors + other.serverErrors);
  }
}
