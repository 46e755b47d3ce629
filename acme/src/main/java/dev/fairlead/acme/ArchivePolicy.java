package dev.fairlead.acme;

import dev.fairlead.acme.store.WantedNote;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * For how long a name has not been wanted. Pure functions.
 *
 * <p>Only what was seen counts: the time between two looks at which an instance that knew all
 * routes did not find the name, when they are two days apart at most and nobody wanted it in
 * between. So neither a cluster that was off for weeks nor a clock that jumps makes a name old. One
 * clock of several that is wrong makes it two days older at worst.
 *
 * <pre>
 *  wanted     wanted (noted)   left                                          archived
 *    |-----------|-----------|--+-- 1 d --|-- 1 d --|   off: 14 d   |-- 1 d --|…|
 *                               0         1         2               2         3 7
 * </pre>
 */
final class ArchivePolicy {

  /** A note of a name that is wanted is written anew so often: before others begin to count. */
  private static final Duration NOTED = Duration.ofHours(20);

  /** How often it is counted. */
  private static final Duration DAY = Duration.ofDays(1);

  /**
   * Two looks that are further apart say nothing of what was in between. Clocks of instances may be
   * as far apart: what is counted by one of them another one never counts back.
   */
  private static final Duration GAP = Duration.ofDays(2);

  private ArchivePolicy() {}

  /**
   * What is to be noted of a name that is wanted.
   *
   * @return empty while what is noted is good enough
   */
  static Optional<WantedNote> wanted(Optional<WantedNote> before, Instant now) {
    boolean fresh =
        before
            .filter(note -> !note.isUnwanted())
            .flatMap(WantedNote::wanted)
            .filter(last -> now.isBefore(last.plus(NOTED)) && !last.isAfter(now.plus(DAY)))
            .isPresent();
    return fresh ? Optional.empty() : Optional.of(WantedNote.wanted(now));
  }

  /**
   * What is known of a name that is not wanted.
   *
   * @param left when this instance stopped wanting it, if it did
   * @param after see {@link #isOver}
   * @return the same as before when there is nothing to note
   */
  static WantedNote notWanted(
      Optional<WantedNote> before, Optional<Instant> left, Instant now, Duration after) {
    WantedNote known = since(before.orElse(WantedNote.neverWanted(now)), left);
    Duration unseen = Duration.between(known.seen(), now);
    if (unseen.isNegative()) {
      return unseen.plus(GAP).isNegative() ? uncounted(known, now) : known;
    }
    if (unseen.compareTo(GAP) > 0) {
      return uncounted(known, now);
    }
    Duration unwanted = known.unwanted().plus(unseen);
    boolean begins = left.isPresent() && !before.equals(Optional.of(known));
    return begins || unseen.compareTo(DAY) >= 0 || unwanted.compareTo(after) >= 0
        ? new WantedNote(known.wanted(), unwanted, now)
        : known;
  }

  /** Whether a name is to be archived. */
  static boolean isOver(WantedNote note, Duration after) {
    return note.unwanted().compareTo(after) >= 0;
  }

  /** An instance knows better than the note, which is written once in a while. */
  private static WantedNote since(WantedNote noted, Optional<Instant> left) {
    return left.filter(last -> noted.wanted().isEmpty() || last.isAfter(noted.wanted().get()))
        .map(WantedNote::wanted)
        .orElse(noted);
  }

  private static WantedNote uncounted(WantedNote known, Instant now) {
    return new WantedNote(known.wanted(), known.unwanted(), now);
  }
}
