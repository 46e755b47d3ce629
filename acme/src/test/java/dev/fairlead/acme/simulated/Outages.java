package dev.fairlead.acme.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** When a CA is down, and how it shows. Immutable. */
public final class Outages {

  /** It is never down. */
  public static final Outages NONE = new Outages(new TreeMap<>());

  private static final Duration USUAL = Duration.ofHours(2);
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(1);

  private final NavigableMap<Instant, Outage> byStart;

  private Outages(NavigableMap<Instant, Outage> byStart) {
    this.byStart = byStart;
  }

  /** What who asks meets. */
  public enum Manner {
    /** The connection ends without an answer. */
    SILENT,
    /** An error of what stands before it. */
    ERROR,
    /** The same, which says when to come again: when it is over, or in an hour. */
    BUSY
  }

  /**
   * One time that it is down.
   *
   * @param until exclusive
   */
  public record Outage(Instant from, Instant until, Manner manner) {

    Duration length() {
      return Duration.between(from, until);
    }
  }

  /**
   * Outages by chance: two hours in the mean, a day at most.
   *
   * @param share of the time, from 0 to 1
   */
  public static Outages random(Random random, Instant start, Instant end, double share) {
    TreeMap<Instant, Outage> all = new TreeMap<>();
    double between = USUAL.toSeconds() * (1 - share) / share;
    Instant from = start.plus(seconds(random, between));
    while (from.isBefore(end)) {
      Duration length = seconds(random, (double) USUAL.toSeconds());
      Duration within = length.compareTo(LONGEST) > 0 ? LONGEST : length;
      Instant until = from.plus(within.compareTo(SHORTEST) < 0 ? SHORTEST : within);
      all.put(from, new Outage(from, until, Manner.values()[random.nextInt(3)]));
      from = until.plus(seconds(random, between));
    }
    return new Outages(all);
  }

  /** The same with one more, in place of those that it touches. */
  public Outages with(Outage another) {
    TreeMap<Instant, Outage> all = new TreeMap<>(byStart);
    all.values()
        .removeIf(each -> each.from.isBefore(another.until) && another.from.isBefore(each.until));
    all.put(another.from, another);
    return new Outages(all);
  }

  /** The one at a moment, if it is down. */
  public Optional<Outage> at(Instant now) {
    return Optional.ofNullable(byStart.floorEntry(now))
        .map(Map.Entry::getValue)
        .filter(outage -> now.isBefore(outage.until));
  }

  /** Whether it was down at any time between two moments. */
  public boolean touch(Instant from, Instant until) {
    return at(from).isPresent() || !byStart.subMap(from, true, until, true).isEmpty();
  }

  /** All of them, the first one first. */
  public Collection<Outage> all() {
    return byStart.values();
  }

  /** How long it is down in all. */
  public Duration total() {
    return byStart.values().stream().map(Outage::length).reduce(Duration.ZERO, Duration::plus);
  }

  /** Waits between events that come independently of each other. */
  private static Duration seconds(Random random, double mean) {
    return Duration.ofSeconds((long) (-Math.log(1 - random.nextDouble()) * mean));
  }
}
