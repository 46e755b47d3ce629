package dev.fairlead.acme;

import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.acme.issue.IssueException.Sequel;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.Step;
import java.time.Instant;

/** What is written down of a try that gave no certificate. A pure function. */
final class AfterFailure {

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
    Step step =
        before.step().isUnderWay() && failure.sequel() != Sequel.ORDER_ANEW ? before.step() : start;
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
}
