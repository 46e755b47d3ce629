package dev.fairlead.conformance.smuggling;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client got: its answers as rows write them, and what the origin says each is an answer to.
 *
 * @param seen the request lines that origins say they answer, in order
 */
record Outcome(List<String> answers, List<String> seen) {

  Outcome() {
    this(new ArrayList<>(), new ArrayList<>());
  }

  /** Adds an answer with a status. */
  void answered(String status, String of) {
    answers.add(status);
    if (!of.isEmpty()) {
      seen.add(of);
    }
  }

  /** How many answers came, but for those that announce another. */
  int finals() {
    return (int) answers.stream().filter(answer -> !answer.startsWith("1")).count();
  }
}
