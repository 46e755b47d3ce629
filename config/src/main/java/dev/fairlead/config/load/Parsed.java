package dev.fairlead.config.load;

import java.util.List;
import java.util.function.Function;

/**
 * What came of reading: a whole value, or everything that is wrong. {@link #either} is for what
 * every start passes, as {@code Reading}'s is.
 */
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

  /** What the one function makes of the value, or the other of the problems. */
  default <R> R either(
      Function<? super T, ? extends R> valid, Function<List<Problem>, ? extends R> invalid) {
    return this instanceof Invalid<T> wrong
        ? invalid.apply(wrong.problems())
        : valid.apply(((Valid<T>) this).value());
  }
}
