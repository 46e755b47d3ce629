package dev.fairlead.proxy.upstream;

/**
 * What is wrong with an endpoint that was checked.
 *
 * @param text for people
 * @param silent whether it said nothing at all: then nothing will come of what it is at work on
 * @param refused whether its system refused a connection: then at least that is there
 */
public record CheckProblem(String text, boolean silent, boolean refused) {

  /** Of one whose system did not refuse a connection. */
  public CheckProblem(String text, boolean silent) {
    this(text, silent, false);
  }

  @Override
  public String toString() {
    return text;
  }
}
