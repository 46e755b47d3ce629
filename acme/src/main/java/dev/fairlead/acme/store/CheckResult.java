package dev.fairlead.acme.store;

/**
 * What a look at the storage found.
 *
 * @param level how bad it is
 * @param sentence for its owner, with the fix where there is something to fix
 */
public record CheckResult(Level level, String sentence) {

  /** How bad something is. */
  public enum Level {
    OK,
    /** It works, but not as well as it could. */
    WARNING,
    /** What the storage is for does not hold. */
    PROBLEM
  }

  static CheckResult ok(String sentence) {
    return new CheckResult(Level.OK, sentence);
  }

  static CheckResult warning(String sentence) {
    return new CheckResult(Level.WARNING, sentence);
  }

  static CheckResult problem(String sentence) {
    return new CheckResult(Level.PROBLEM, sentence);
  }
}
