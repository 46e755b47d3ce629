package dev.fairlead.config.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Collects what is wrong while reading goes on. */
final class Problems {

  /** Nobody reads more, and hostile input could make many. */
  private static final int MAX = 100;

  static final String SECRET = "***";
  static final String UNKNOWN = "unknown key";

  private final List<Problem> problems = new ArrayList<>();

  private int left;

  void add(String path, String value, String expected) {
    add(path, value, () -> expected);
  }

  /** The same where it costs something to find out what was expected. */
  void add(String path, String value, Supplier<String> expected) {
    if (problems.size() < MAX) {
      problems.add(new Problem(path, value, expected.get()));
    } else {
      left++;
    }
  }

  /** How many there are, left out ones too. */
  int count() {
    return problems.size() + left;
  }

  /** What was found, in the order of the paths; what was left out is counted at the end. */
  List<Problem> sorted() {
    Stream<Problem> rest =
        left == 0
            ? Stream.empty()
            : Stream.of(new Problem("and more", left + " further problems", "none"));
    return Stream.concat(problems.stream().sorted(Comparator.comparing(Problem::path)), rest)
        .toList();
  }

  /** The value, which is made only when nothing is wrong. */
  <T> Parsed<T> orElse(Supplier<T> value) {
    return problems.isEmpty() ? new Parsed.Valid<>(value.get()) : new Parsed.Invalid<>(sorted());
  }
}
