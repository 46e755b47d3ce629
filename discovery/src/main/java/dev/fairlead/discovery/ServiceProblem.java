package dev.fairlead.discovery;

import java.util.Comparator;

/**
 * Something is wrong with one service; the others are not touched by it.
 *
 * @param service its name
 * @param sentence what is wrong, what follows and what to do about it
 */
public record ServiceProblem(String service, String sentence)
    implements Comparable<ServiceProblem> {

  private static final Comparator<ServiceProblem> ORDER =
      Comparator.comparing(ServiceProblem::service).thenComparing(ServiceProblem::sentence);

  @Override
  public int compareTo(ServiceProblem other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return service + ": " + sentence;
  }
}
