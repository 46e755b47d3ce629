package dev.fairlead.config.schema;

/** What came of reading one text. */
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
}
