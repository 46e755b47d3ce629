package dev.fairlead.acme;

import dev.fairlead.acme.issue.Issuer;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.config.routing.HostPattern;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks each minute whether DNS says something else of a name than when it was tried in vain: who
 * has set a record right waits for nothing else. Used by the name's keeper only.
 */
final class DnsWatch {

  private static final Logger LOG = LoggerFactory.getLogger(DnsWatch.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final HostPattern host;
  private final List<HostPattern> names;
  private final Issuer issuer;
  private final InstantSource clock;
  private Instant next = Instant.EPOCH;
  private @Nullable NameState changed;

  /**
   * @param names of its certificate
   */
  DnsWatch(HostPattern host, List<HostPattern> names, Issuer issuer, InstantSource clock) {
    this.host = host;
    this.names = names;
    this.issuer = issuer;
    this.clock = clock;
  }

  /** Whether DNS has changed since a state was written; looks when it is time to. */
  boolean look(NameState state) throws InterruptedException {
    if (hasChanged(state)) {
      return true; // and nobody has tried it yet
    }
    if (!state.dns().isWatched() || !isTime()) {
      return false;
    }
    next = clock.instant().plus(PAUSE);
    Optional<String> seen = issuer.seenInDns(names);
    if (seen.filter(state.dns()::isNew).isEmpty()) {
      return false;
    }
    LOG.info("certificate of {}: DNS says something else than before, so it is tried now", host);
    changed = state;
    return true;
  }

  /** Whether {@link #look} has found a change, and the state is still the same. */
  boolean hasChanged(NameState state) {
    return state.equals(changed);
  }

  /** A time further off was told by a clock that was wrong. */
  private boolean isTime() {
    Instant now = clock.instant();
    return !now.isBefore(next) || next.isAfter(now.plus(PAUSE));
  }
}
