package dev.fairlead.benchmarks.compare;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A figure that should not be above a limit.
 *
 * @param title what the figure is of
 * @param limit in the unit of the figure
 */
record Goal(String title, Figure figure, double limit) {

  /** What is compared with the limit. */
  sealed interface Figure {

    /** Empty when something that it is made of was not measured. */
    Optional<Found> find(Measurements measurements);

    /** Whose figures it is compared with; empty when it stands for itself. */
    String against();

    String limit(double limit);
  }

  /** A figure, and how it is shown. */
  record Found(double value, String text) {}

  /** Fairlead's median through the least of the medians of the others. */
  record Ratio(String benchmark, String metric, List<String> others) implements Figure {

    /** One other, with what its median is. */
    private record Other(String name, double median) {}

    @Override
    public Optional<Found> find(Measurements measurements) {
      List<Other> measured =
          others.stream()
              .flatMap(
                  name ->
                      measurements
                          .find(benchmark, name, metric)
                          .map(spread -> new Other(name, spread.median()))
                          .stream())
              .filter(other -> other.median() > 0)
              .toList();
      // without one of them the best of the others might not be the best
      Optional<Other> best =
          measured.size() == others.size()
              ? measured.stream().min(Comparator.comparingDouble(Other::median))
              : Optional.empty();
      return best.flatMap(
          other ->
              measurements
                  .find(benchmark, Table.OURS, metric)
                  .map(ours -> found(ours.median() / other.median(), other.name())));
    }

    private Found found(double ratio, String best) {
      String which = others.size() == 1 ? "" : " (" + Table.name(best) + ")";
      return new Found(ratio, Table.ratioText(ratio) + which);
    }

    @Override
    public String against() {
      return others.stream().map(Table::name).collect(Collectors.joining(", "));
    }

    @Override
    public String limit(double limit) {
      return Table.ratioText(limit);
    }
  }

  /**
   * Fairlead's own median.
   *
   * @param factor from the raw data's unit to the one that is shown
   */
  record Own(String benchmark, String metric, double factor, String unit) implements Figure {

    @Override
    public Optional<Found> find(Measurements measurements) {
      return measurements
          .find(benchmark, Table.OURS, metric)
          .map(spread -> spread.scaledBy(factor))
          .map(spread -> new Found(spread.median(), spread + " " + unit));
    }

    @Override
    public String against() {
      return "";
    }

    @Override
    public String limit(double limit) {
      return "%.0f %s".formatted(limit, unit);
    }
  }

  /** A row of the table: the goal, against whom, what was measured, the limit, and the verdict. */
  List<String> row(Measurements measurements) {
    Optional<Found> found = figure.find(measurements);
    return List.of(
        title,
        figure.against(),
        found.map(Found::text).orElse("–"),
        "≤ " + figure.limit(limit),
        found.map(this::verdict).orElse("not measured"));
  }

  // By what is shown, two digits: what is shown as the limit is not above it.
  private String verdict(Found found) {
    return Math.round(found.value() * 100) <= Math.round(limit * 100) ? "met" : "missed";
  }
}
