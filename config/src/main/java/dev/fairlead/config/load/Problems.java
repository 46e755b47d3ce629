package dev.fairlead.config.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** Collects what is wrong while reading goes on. */
final class Problems {

  /** Nobody reads more, and hostile input could make many. */
  private static final int MAX = 100;

  static final String SECRET = "***";
  static final String UNKNOWN = "unknown key";

  private final List<Problem> problems = new ArrayList<>();

  void add(String path, String value, String expected) {
    if (problems.size() < MAX) {
      problems.add(new Problem(path, value, expected));
    }
  }

  /** What was found, in the order of the paths. */
  private List<Problem> sorted() {
    return problems.stream().sorted(Comparator.comparing(Problem::path)).toList();
  }

  /** The value, which is made only when nothing is wrong. */
  <T> Parsed<T> orElse(Supplier<T> value) {
    return problems.isEmpty() ? new Parsed.Valid<>(value.get()) : new Parsed.Invalid<>(sorted());
  }
}
