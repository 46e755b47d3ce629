package dev.fairlead.conformance.growth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The visits of a run, in the order in which they begin: every kind has its share, and they come
 * mixed, always in the same way. Immutable.
 */
final class Mix {

  private static final long SEED = 20_261_125;

  private final List<Step> steps;

  /** One visit. */
  record Step(Kind kind, int requests) {}

  private Mix(List<Step> steps) {
    this.steps = steps;
  }

  /**
   * Splits {@code requests} among the kinds; a kind that would have none has one.
   *
   * @param kinds whose shares are {@value Kind#WHOLE} together
   */
  static Mix of(List<Kind> kinds, int requests) {
    int shares = kinds.stream().mapToInt(Kind::share).sum();
    if (shares != Kind.WHOLE) {
      throw new IllegalArgumentException("shares: %d (expected: %d)".formatted(shares, Kind.WHOLE));
    }
    List<Step> steps = new ArrayList<>();
    for (Kind kind : kinds) {
      int left = Math.max(1, Math.toIntExact((long) requests * kind.share() / Kind.WHOLE));
      // All whole visits are the same object: there are a million of them.
      Step whole = new Step(kind, kind.perVisit());
      for (; left >= kind.perVisit(); left -= kind.perVisit()) {
        steps.add(whole);
      }
      if (left > 0) {
        steps.add(new Step(kind, left));
      }
    }
    Collections.shuffle(steps, new Random(SEED));
    return new Mix(Collections.unmodifiableList(steps));
  }

  List<Step> steps() {
    return steps;
  }

  long requests() {
    return steps.stream().mapToLong(Step::requests).sum();
  }
}
