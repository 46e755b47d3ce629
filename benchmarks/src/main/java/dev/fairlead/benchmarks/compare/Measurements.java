package dev.fairlead.benchmarks.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/** All values of a run, by case, proxy and metric. */
final class Measurements {

  private record Key(String benchmark, String proxy, String metric) {}

  private final Map<Key, List<Double>> values = new LinkedHashMap<>();

  /**
   * Reads lines of five fields with tabs between: case, proxy, round, metric, value.
   *
   * @throws IllegalArgumentException names the line that is not one
   */
  static Measurements parse(List<String> lines) {
    Measurements measurements = new Measurements();
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      try {
        if (fields.length != 5) {
          throw new NumberFormatException();
        }
        measurements.add(fields[0], fields[1], fields[3], Double.parseDouble(fields[4]));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            line + " (expected: case, proxy, round, metric and a number, with tabs between)", e);
      }
    }
    return measurements;
  }

  private void add(String benchmark, String proxy, String metric, double value) {
    values.computeIfAbsent(new Key(benchmark, proxy, metric), key -> new ArrayList<>()).add(value);
  }

  Optional<Spread> find(String benchmark, String proxy, String metric) {
    return Optional.ofNullable(values.get(new Key(benchmark, proxy, metric))).map(Spread::of);
  }

  /** Benchmarks whose names begin so, in the order in which they were first measured. */
  SequencedSet<String> benchmarks(String prefix) {
    SequencedSet<String> benchmarks = new LinkedHashSet<>();
    values.keySet().stream()
        .map(Key::benchmark)
        .filter(name -> name.startsWith(prefix))
        .forEach(benchmarks::add);
    return benchmarks;
  }

  /** In the order in which they were first measured. */
  SequencedSet<String> proxies() {
    SequencedSet<String> proxies = new LinkedHashSet<>();
    values.keySet().forEach(key -> proxies.add(key.proxy()));
    return proxies;
  }
}
