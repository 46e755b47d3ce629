package dev.fairlead.acme;

import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.acme.issue.IssueException.Sequel;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.Step;
import java.time.Instant;

/** What is written down of a try that gave no certificate. A pure function. */
final class AfterFailure {

  /**
   * That many failures in a row, which are half a day, end an order too: the CA may be stuck with
   * it, and whoever goes on with it for ever has no certificate one day.
   */
  private static final int MOST_WITH_ONE_ORDER = 8;

  private AfterFailure() {}

  /**
   * The state after it.
   *
   * @param before as the journal has it: at the step that failed
   * @param start where the name stands when no order is under way
   * @param chance from 0 (inclusive) to 1
   */
  static NameState of(
      NameState before, IssueException failure, Step start, Instant now, double chance) {
    String sentence = String.valueOf(failure.getMessage());
    Step step = isGoneOnWith(before, failure) ? before.step() : start;
    if (failure.sequel() == Sequel.WAIT) {
      Instant until = RetrySchedule.asAsked(failure.notBefore().orElse(now), now);
      return new NameState(step, before.failures(), until, sentence, before.dns().counting(false));
    }
    int failures = before.failures() + 1;
    return new NameState(
        step,
        failures,
        RetrySchedule.next(failures, now, chance),
        sentence,
        before.dns().counting(true));
  }

  private static boolean isGoneOnWith(NameState before, IssueException failure) {
    return before.step().isUnderWay()
        && switch (failure.sequel()) {
          case ORDER_ANEW -> false;
          case WAIT -> true;
          case TRY_AGAIN ->
              failure.isWithoutAnswer() || (before.failures() + 1) % MOST_WITH_ONE_ORDER != 0;
        };
  }
}
