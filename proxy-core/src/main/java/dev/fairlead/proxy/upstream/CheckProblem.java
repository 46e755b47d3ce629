package dev.fairlead.proxy.upstream;

/**
 * What is wrong with an endpoint that was checked.
 *
 * @param text for people
 * @param silent whether it said nothing at all: then nothing will come of what it is at work on
 */
public record CheckProblem(String text, boolean silent) {

  @Override
  public String toString() {
    return text;
  }
}
