package dev.fairlead.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When an endpoint is worse than the others. */
class OutlierRulesTest {

  private static final Counts WELL = new Counts(100, 0, 0);

  private static Counts of(long ended, long failures, long serverErrors) {
    return new Counts(ended, failures, serverErrors);
  }

  @Test
  void fiveFailuresInARowAreEnough() {
    assertThat(OutlierRules.wrong(of(4, 4, 0), WELL, 4, 0)).isNull();
    assertThat(OutlierRules.wrong(of(5, 5, 0), WELL, 5, 0)).isEqualTo("5 requests in a row failed");
    assertThat(OutlierRules.wrong(of(5, 5, 0), of(100, 100, 0), 5, 0)).isNotNull();
  }

  @Test
  void halfOfTheRequestsAreEnoughWhereOthersDoNotFail() {
    assertThat(OutlierRules.wrong(of(9, 9, 0), WELL, 1, 0)).isNull();
    assertThat(OutlierRules.wrong(of(10, 4, 0), WELL, 1, 0)).isNull();
    assertThat(OutlierRules.wrong(of(10, 5, 0), WELL, 1, 0)).isEqualTo("5 of 10 requests failed");
    assertThat(OutlierRules.wrong(of(10, 5, 0), of(100, 11, 0), 1, 0)).isNull();
  }

  @Test
  void halfOfTheAnswersCanBeErrorsOnlyWhereOthersHaveFew() {
    assertThat(OutlierRules.wrong(of(20, 0, 10), WELL, 0, 0))
        .isEqualTo("10 of 20 answers were errors");
    assertThat(OutlierRules.wrong(of(20, 0, 9), WELL, 0, 0)).isNull();
    assertThat(OutlierRules.wrong(of(20, 0, 20), of(100, 0, 11), 0, 0)).isNull();
  }

  @Test
  void nearlyAllAnswersOfASecondAreEnough() {
    assertThat(OutlierRules.wrongNow(of(20, 0, 18), WELL))
        .isEqualTo("18 of 20 answers of a second were errors");
    assertThat(OutlierRules.wrongNow(of(20, 0, 17), WELL)).isNull();
    assertThat(OutlierRules.wrongNow(of(9, 0, 9), WELL)).isNull();
    assertThat(OutlierRules.wrongNow(of(20, 0, 20), of(100, 0, 11))).isNull();
    assertThat(OutlierRules.wrongNow(Counts.NONE, WELL)).isNull();
  }

  @Test
  void whoSaysNothingWhileOthersAnswerIsNotThere() {
    assertThat(OutlierRules.wrong(of(0, 0, 0), of(10, 0, 0), 0, 2))
        .isEqualTo("none of 2 requests was answered in 10 s");
    assertThat(OutlierRules.wrong(of(0, 0, 0), of(10, 0, 0), 0, 1)).isNull();
    assertThat(OutlierRules.wrong(of(1, 0, 0), of(10, 0, 0), 0, 2)).isNull();
    assertThat(OutlierRules.wrong(of(0, 0, 0), of(9, 0, 0), 0, 2)).isNull();
  }

  @Test
  void whoHasNothingToDoIsWell() {
    assertThat(OutlierRules.wrong(Counts.NONE, WELL, 0, 0)).isNull();
    assertThat(OutlierRules.wrong(Counts.NONE, Counts.NONE, 4, 9)).isNull();
  }
}
