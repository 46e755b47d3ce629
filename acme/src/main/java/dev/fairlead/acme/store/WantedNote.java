package dev.fairlead.acme.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a name was wanted last, and for how long it was seen that it is not. What it becomes is said
 * by {@code ArchivePolicy}.
 *
 * @param wanted when an instance that wants the name noted it last; empty where none ever has
 * @param unwanted for how long instances saw that nobody wants it
 * @param seen until when that was counted
 */
public record WantedNote(Optional<Instant> wanted, Duration unwanted, Instant seen) {

  /** It is wanted. */
  public static WantedNote wanted(Instant now) {
    return new WantedNote(Optional.of(now), Duration.ZERO, now);
  }

  /** It is there, and nobody is known to have wanted it. */
  public static WantedNote neverWanted(Instant now) {
    return new WantedNote(Optional.empty(), Duration.ZERO, now);
  }

  /** Whether it was looked at since it was wanted last, and was not any more. */
  public boolean isUnwanted() {
    return !wanted.equals(Optional.of(seen));
  }
}
