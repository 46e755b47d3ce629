package dev.fairlead.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How many requests of a cluster are sent again. */
class RetryBudgetTest {

  private final RetryBudget budget = new RetryBudget();
  private long nanos = Duration.ofHours(1).toNanos();

  @Test
  void someOfAClusterWithFewRequests() {
    assertThat(taken(1_000, 10)).isEqualTo(100);
    assertThat(budget.refused()).isEqualTo(900);
  }

  @Test
  void aFifthOfAClusterWithMany() {
    assertThat(taken(1, 0)).isEqualTo(1);
    assertThat(taken(100_000, 50_000)).isEqualTo(10_099);
  }

  @Test
  void whatThereWasInTheTenSecondsBeforeCounts() {
    taken(1, 0);
    taken(1, 50_000);
    nanos += Duration.ofSeconds(11).toNanos();

    assertThat(taken(100_000, 50_000)).isEqualTo(10_100);
  }

  @Test
  void whatThereWasBeforeTheFirstFailureCounts() {
    int picks = 0;
    for (int second = 0; second < 3600; second++) {
      budget.count(nanos, picks);
      picks += 100;
      nanos += Duration.ofSeconds(1).toNanos();
    }

    assertThat(taken(1_000, picks)).isEqualTo(100 + 200);
  }

  @Test
  void whatWasLongAgoDoesNot() {
    taken(1, 0);
    taken(100_000, 50_000);
    nanos += Duration.ofSeconds(21).toNanos();

    assertThat(taken(100_000, 50_000)).isEqualTo(100);
  }

  @Test
  void thoseThatWereSentAgainAreForgottenInTime() {
    taken(1_000, 0);
    assertThat(taken(1, 0)).isZero();
    nanos += Duration.ofSeconds(10).toNanos();

    assertThat(taken(1_000, 0)).isEqualTo(100);
  }

  @Test
  void endpointsThatLeftTakeTheirRequestsAlong() {
    taken(1, 50_000);

    assertThat(taken(1_000, 100)).isEqualTo(99);
  }

  private int taken(int wanted, long picks) {
    int taken = 0;
    for (int i = 0; i < wanted; i++) {
      if (budget.take(nanos, picks)) {
        taken++;
      }
    }
    return taken;
  }
}
