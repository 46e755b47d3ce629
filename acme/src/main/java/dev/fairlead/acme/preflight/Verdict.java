package dev.fairlead.acme.preflight;

/** Whether an order can succeed. */
public sealed interface Verdict {

  /** Nothing speaks against it. */
  record Ready() implements Verdict {}

  /**
   * It may fail: worth a try, and this sentence if it does.
   *
   * @param why one sentence, with what would be expected
   */
  record Doubtful(String why) implements Verdict {}

  /**
   * It cannot succeed before somebody changes something.
   *
   * @param why one sentence, with what to change
   */
  record Wrong(String why) implements Verdict {}
}
