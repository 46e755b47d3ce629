package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of docs/life-of-a-request.md. */
class RetryPolicyTest {

  @ParameterizedTest
  @CsvSource({
    // stage, unprocessed, idempotent, whole, tries of 3, verdict
    "CONNECTING, false, false, true, 1, ALWAYS",
    "CONNECTING, false, false, true, 9, ALWAYS",
    "CONNECTING, false, true, true, 10, NEVER",
    "SENT_ON_REUSED, false, true, true, 2, WITHIN_BUDGET",
    "SENT_ON_REUSED, false, true, true, 3, NEVER",
    "SENT_ON_REUSED, false, false, true, 1, NEVER",
    "SENT_ON_REUSED, false, true, false, 1, NEVER",
    "SENT, false, true, true, 1, WITHIN_BUDGET",
    "SENT, false, false, true, 1, NEVER",
    "SENT, true, false, true, 9, WITHIN_BUDGET",
    "SENT, true, false, true, 10, NEVER",
    "SENT, true, false, false, 1, NEVER",
    "ANSWERED, true, true, true, 1, NEVER",
  })
  void judges(
      Attempt.Stage stage,
      boolean unprocessed,
      boolean idempotent,
      boolean whole,
      int tries,
      RetryPolicy.Verdict verdict) {
    assertThat(RetryPolicy.judge(stage, unprocessed, idempotent, whole, tries, 3))
        .isEqualTo(verdict);
  }
}
