package dev.fairlead.acme.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A lease as it stands on the storage.
 *
 * @param generation its number: how many there were of this name
 * @param text what it says
 * @param touched when its holder gave the last sign, by the clock of who keeps the files
 */
record LeaseEntry(long generation, String text, Instant touched) {

  Optional<LeaseText> parsed() {
    return LeaseText.parse(text);
  }

  boolean isFree() {
    return parsed().filter(LeaseText::free).isPresent();
  }

  /** Who has it, or had it last, for people. */
  String holder() {
    return parsed().map(LeaseText::holder).orElse(text);
  }

  /**
   * Whether its holder was silent for longer than {@code limit}. A sign from the future is none:
   * the clock of who keeps the files was set back.
   *
   * @param now by the same clock as {@link #touched}
   */
  boolean isSilent(Instant now, Duration limit) {
    return Duration.between(touched, now).abs().compareTo(limit) > 0;
  }
}
