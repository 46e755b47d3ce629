package dev.fairlead.config.schema;

import java.util.function.Function;

/**
 * What came of reading one text. {@link #either} is for what every start passes: a pattern switch
 * makes a class when it is reached first, which takes a millisecond and is in no learnt cache.
 */
public sealed interface Reading<T> {

  /** The text is right. */
  record Read<T>(T value) implements Reading<T> {}

  /**
   * The text is wrong.
   *
   * @param text the part of it that is wrong
   * @param expected what could stand there
   */
  record Refused<T>(String text, String expected) implements Reading<T> {}

  /** What the one function makes of the value, or the other of why there is none. */
  default <R> R either(
      Function<? super T, ? extends R> read, Function<Refused<T>, ? extends R> refused) {
    return this instanceof Refused<T> wrong
        ? refused.apply(wrong)
        : read.apply(((Read<T>) this).value());
  }
}
