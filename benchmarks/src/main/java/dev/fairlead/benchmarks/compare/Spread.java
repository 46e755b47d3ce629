package dev.fairlead.benchmarks.compare;

import java.util.List;
import java.util.Locale;

/** What was measured in all rounds: the middle one, the least and the most. */
record Spread(double median, double min, double max) {

  /**
   * Of one value or more.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("values: none (expected: one or more)");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    return new Spread(median, sorted.getFirst(), sorted.getLast());
  }

  Spread scaledBy(double factor) {
    return new Spread(median * factor, min * factor, max * factor);
  }

  /** {@code 13.5 (12.6–15.2)}, and {@code 13.5} alone when there was only one round. */
  @Override
  public String toString() {
    return min == max
        ? number(median)
        : "%s (%s–%s)".formatted(number(median), number(min), number(max));
  }

  /** Three digits that mean something. */
  static String number(double value) {
    int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
