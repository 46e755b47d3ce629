package dev.fairlead.acme.preflight;

/** What was found at an address. */
sealed interface Reach {

  /** One of the instances on this storage. */
  record Ours() implements Reach {}

  /**
   * Somebody else.
   *
   * @param answer the first line that was said
   */
  record Other(String answer) implements Reach {}

  /**
   * Nobody, from here.
   *
   * @param reason in words
   */
  record Nobody(String reason) implements Reach {}
}
