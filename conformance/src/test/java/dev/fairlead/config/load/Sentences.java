package dev.fairlead.config.load;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;

import java.util.List;

/** What problems must be, whatever they are about: sentences for a person at a terminal. */
final class Sentences {

  /** 100 problems, and one that counts the rest. */
  private static final int MAX_PROBLEMS = 101;

  private static final int MAX_LENGTH = 1200;

  private Sentences() {}

  static void check(List<Problem> problems) {
    holds(!problems.isEmpty() && problems.size() <= MAX_PROBLEMS, "problems are some, not many");
    for (Problem problem : problems) {
      String sentence = problem.toString();
      holds(sentence.length() <= MAX_LENGTH, "a problem is short: " + sentence.length());
      holds(
          sentence.codePoints().allMatch(Sentences::isPlain), "a problem is one line: " + problem);
      holds(!problem.expected().isEmpty(), "a problem says what would be right");
    }
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
