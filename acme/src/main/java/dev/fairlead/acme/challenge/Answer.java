package dev.fairlead.acme.challenge;

import java.util.Optional;

/**
 * What the board says to who may be the CA.
 *
 * @param <T> what answers the challenge
 */
public sealed interface Answer<T> {

  /** This answers the challenge. */
  record Found<T>(T value) implements Answer<T> {

    @Override
    public String toString() {
      return "Found";
    }
  }

  /** Nobody has put anything up. */
  record None<T>() implements Answer<T> {}

  /**
   * It could not be looked up: somebody may have put it up.
   *
   * @param why for the operator
   */
  record Unknown<T>(String why) implements Answer<T> {}

  /** What answers the challenge, for whom it is all the same why there is nothing. */
  default Optional<T> found() {
    return this instanceof Found<T>(T value) ? Optional.of(value) : Optional.empty();
  }
}
