package dev.fairlead.acme.ondemand;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Names that were refused lately, as many as there are places: one takes the place of another, who
 * then is only asked about again. Thread-safe, without locks.
 */
final class Refusals {

  /** How long a name is not asked about again. */
  static final Duration TIME = Duration.ofMinutes(1);

  private static final int PLACES = 1024;

  private record Refusal(String name, Instant until) {}

  private final AtomicReferenceArray<@Nullable Refusal> places = new AtomicReferenceArray<>(PLACES);

  void add(String name, Instant now) {
    places.set(place(name), new Refusal(name, now.plus(TIME)));
  }

  boolean has(String name, Instant now) {
    Refusal found = places.get(place(name));
    return found != null
        && found.name.equals(name)
        && now.isBefore(found.until)
        && now.plus(TIME).isAfter(found.until.minusSeconds(1)); // or the clock was set back
  }

  private static int place(String name) {
    int hash = name.hashCode();
    return (hash ^ hash >>> 16) & (PLACES - 1);
  }
}
