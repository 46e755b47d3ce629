package dev.fairlead.discovery.swarm;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * When to look at the tasks and the services again. After a hint or a change looks are frequent
 * until nothing has changed for a while: an update of a service goes on without any event. Then
 * looks are as rare as they are dear, but a task that Docker wants to stop is seen before it is
 * told, which is two seconds later.
 *
 * <p>{@link #hint} may be called by any thread, the rest by one.
 */
final class Pace {

  private static final Duration FREQUENT = Duration.ofMillis(100);
  private static final Duration SETTLED = Duration.ofSeconds(10);

  /** Frequent looks take a third of the time at most, however large the Swarm is. */
  private static final int FREQUENT_PAUSE_PER_LOOK = 2;

  /** While nothing happens they take half a hundredth of it, as long as that is often enough. */
  private static final int STEADY_PAUSE_PER_LOOK = 199;

  /**
   * From the start of a look, of which time the engine tells, until the next one has told what
   * changed. That takes it twice as long as to tell that nothing did: then the list is asked for
   * again, to be read. So much less than two seconds, because a look may take longer than the last.
   */
  private static final Duration OFTEN_ENOUGH = Duration.ofMillis(1200);

  private static final int LOOKS_WITHIN = 3;

  private final InstantSource clock;
  private final Duration shortest;
  private final Duration servicesAtLeast;
  private Instant lastChange = Instant.MIN;
  private Instant lastServices = Instant.MIN;
  private Duration lookTook = Duration.ZERO;
  private volatile boolean hinted;

  /**
   * A pace.
   *
   * @param shortest the shortest pause between two looks while nothing happens
   * @param servicesAtLeast how often the services are asked for though no event told of a change
   */
  Pace(InstantSource clock, Duration shortest, Duration servicesAtLeast) {
    this.clock = clock;
    this.shortest = shortest;
    this.servicesAtLeast = servicesAtLeast;
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
    boolean due = hinted || !listening || !isWithin(servicesAtLeast, lastServices);
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
    return isWithin(SETTLED, lastChange) ? frequent() : steady();
  }

  private Duration frequent() {
    Duration pause = longer(FREQUENT, lookTook.multipliedBy(FREQUENT_PAUSE_PER_LOOK));
    return pause.compareTo(shortest) < 0 ? pause : shortest;
  }

  private Duration steady() {
    Duration cheap = lookTook.multipliedBy(STEADY_PAUSE_PER_LOOK);
    Duration longest = OFTEN_ENOUGH.minus(lookTook.multipliedBy(LOOKS_WITHIN));
    return longer(shortest, cheap.compareTo(longest) < 0 ? cheap : longest);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** A clock that was set back makes a time that lies ahead: that is as good as long ago. */
  private boolean isWithin(Duration limit, Instant time) {
    Instant now = clock.instant();
    return !time.isAfter(now) && time.isAfter(now.minus(limit));
  }
}
