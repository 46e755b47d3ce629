package dev.fairlead.acme.issue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;

/**
 * Asks a CA again until something is decided. Not acme4j's own loop, which fails on a {@code
 * Retry-After} in the past and waits for one of a year.
 */
final class Patience {

  private static final Duration SHORTEST = Duration.ofMillis(500);

  private Patience() {}

  /**
   * Waits for one of some states.
   *
   * @param what is waited for, in words
   * @param limit of the whole wait
   * @throws IssueException when the limit is over, or the CA wants to be left alone for longer
   */
  static Status await(
      String what,
      PollableResource resource,
      Set<Status> decided,
      Duration limit,
      InstantSource clock)
      throws AcmeException, IssueException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<Instant> retryAfter = resource.fetch();
      Status status = resource.getStatus();
      if (decided.contains(status)) {
        return status;
      }
      Duration pause = pause(retryAfter, clock.instant());
      if (pause.compareTo(limit) > 0) {
        throw IssueException.postponed(
            "the CA has not decided about %s yet, and asks for patience".formatted(what),
            retryAfter.orElseThrow(),
            null);
      }
      if (System.nanoTime() + pause.toNanos() - end > 0) {
        throw new IssueException(
            "the CA did not decide about %s within %d s".formatted(what, limit.toSeconds()));
      }
      Thread.sleep(pause);
    }
  }

  /** As long as the CA asks for, and never none at all. */
  static Duration pause(Optional<Instant> retryAfter, Instant now) {
    Duration asked = retryAfter.map(time -> Duration.between(now, time)).orElse(SHORTEST);
    return asked.compareTo(SHORTEST) < 0 ? SHORTEST : asked;
  }
}
