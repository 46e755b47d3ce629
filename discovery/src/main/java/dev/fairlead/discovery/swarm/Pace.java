package dev.fairlead.discovery.swarm;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * When to look at the tasks and the services again. After a hint or a change looks are frequent
 * until nothing has changed for a while: an update of a service goes on without any event.
 *
 * <p>{@link #hint} may be called by any thread, the rest by one.
 */
final class Pace {

  private static final Duration FREQUENT = Duration.ofMillis(100);
  private static final Duration SETTLED = Duration.ofSeconds(10);

  /** A stream of events can be dead without a sign, and then this alone finds a new label. */
  private static final Duration SERVICES_AT_LEAST = Duration.ofMillis(1500);

  /** Looks may take a third of the time at most, however large the Swarm is. */
  private static final int PAUSE_PER_LOOK = 2;

  private final InstantSource clock;
  private final Duration steady;
  private Instant lastChange = Instant.MIN;
  private Instant lastServices = Instant.MIN;
  private Duration lookTook = Duration.ZERO;
  private volatile boolean hinted;

  /**
   * A pace.
   *
   * @param steady the pause between two looks while nothing happens
   */
  Pace(InstantSource clock, Duration steady) {
    this.clock = clock;
    this.steady = steady;
  }

  /** Something happened, or may have. */
  void hint() {
    hinted = true;
  }

  /**
   * Whether the list of services is to be asked for in this look. The hints up to now are answered
   * by it.
   *
   * @param listening whether events would tell of a change of a service
   */
  boolean servicesAreDue(boolean listening) {
    boolean due = hinted || !listening || !isWithin(SERVICES_AT_LEAST, lastServices);
    if (hinted) {
      hinted = false;
      lastChange = clock.instant();
    }
    return due;
  }

  /** The list of services was read. */
  void servicesWereRead() {
    lastServices = clock.instant();
  }

  /** A look failed: the hints it has used up are still to be answered. */
  void failed() {
    lastServices = Instant.MIN;
  }

  /**
   * A look is over.
   *
   * @param changed whether it found something new
   */
  void looked(Instant start, boolean changed) {
    Instant now = clock.instant();
    lookTook = Duration.between(start, now);
    if (changed) {
      lastChange = now;
    }
  }

  /** How long to wait until the next look. */
  Duration pause() {
    if (!isWithin(SETTLED, lastChange)) {
      return steady;
    }
    Duration wanted = lookTook.multipliedBy(PAUSE_PER_LOOK);
    Duration pause = wanted.compareTo(FREQUENT) > 0 ? wanted : FREQUENT;
    return pause.compareTo(steady) < 0 ? pause : steady;
  }

  /** A clock that was set back makes a time that lies ahead: that is as good as long ago. */
  private boolean isWithin(Duration limit, Instant time) {
    Instant now = clock.instant();
    return !time.isAfter(now) && time.isAfter(now.minus(limit));
  }
}
