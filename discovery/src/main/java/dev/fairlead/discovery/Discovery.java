package dev.fairlead.discovery;

import java.util.List;

/** What came of one look of a {@link Provider}: everything, or nothing. Never a part. */
public sealed interface Discovery {

  /**
   * All there is to find. What is not in it is gone.
   *
   * @param services each id once
   * @param problems what is wrong with single services, so that they are not routed as their owners
   *     want
   */
  record Complete(List<FoundService> services, List<ServiceProblem> problems) implements Discovery {
    public Complete {
      services = List.copyOf(services);
      problems = List.copyOf(problems);
    }
  }

  /**
   * The look says nothing about what is there; what was found before stays in force.
   *
   * @param cause one sentence for people, with what to do about it
   */
  record Failed(String cause) implements Discovery {}
}
