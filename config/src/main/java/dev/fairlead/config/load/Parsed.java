package dev.fairlead.config.load;

import java.util.List;

/** What came of reading: a whole value, or everything that is wrong. */
public sealed interface Parsed<T> {

  /** Nothing is wrong. */
  record Valid<T>(T value) implements Parsed<T> {}

  /**
   * Something is wrong, so there is no value.
   *
   * @param problems at least one, in the order of their paths
   */
  record Invalid<T>(List<Problem> problems) implements Parsed<T> {
    public Invalid {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("problems: none (expected: at least one)");
      }
    }
  }
}
