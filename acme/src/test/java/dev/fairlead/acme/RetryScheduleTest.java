package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @ParameterizedTest
  @CsvSource({"1,PT1M", "2,PT5M", "3,PT15M", "4,PT30M", "5,PT1H", "6,PT2H", "7,PT4H", "8,PT6H"})
  void pausesGrow(int failures, Duration pause) {
    assertThat(RetrySchedule.next(failures, NOW, 0)).isEqualTo(NOW.plus(pause));
  }

  @Test
  void theLastPauseStays() {
    assertThat(RetrySchedule.next(1_000_000, NOW, 0)).isEqualTo(NOW.plus(Duration.ofHours(6)));
  }

  @Test
  void chanceAddsUpToAFifth() {
    assertThat(RetrySchedule.next(2, NOW, 0.5)).isEqualTo(NOW.plusSeconds(330));
    assertThat(RetrySchedule.next(2, NOW, 0.999))
        .isBetween(NOW.plusSeconds(359), NOW.plusSeconds(360));
  }

  @Test
  void whatPeopleReadIsAWholeSecondAndNeverEarlier() {
    Instant now = NOW.plusNanos(1);
    assertThat(RetrySchedule.next(1, now, 0)).isEqualTo(NOW.plusSeconds(61));
    assertThat(RetrySchedule.asAsked(now.plusSeconds(36), now)).isEqualTo(NOW.plusSeconds(37));
  }

  @Test
  void noMoreThanFiveOrdersFallIntoAnHour() {
    Instant time = NOW;
    int orders = 0;
    for (int failures = 1; time.isBefore(NOW.plus(Duration.ofHours(1))); failures++) {
      orders++;
      time = RetrySchedule.next(failures, time, 0);
    }
    assertThat(orders).isEqualTo(5);
  }

  @Test
  void whatTheCaAsksForIsKeptToTheSecond() {
    Instant soon = NOW.plusSeconds(17);
    Instant late = NOW.plus(Duration.ofDays(7)).plusSeconds(3);
    assertThat(RetrySchedule.asAsked(soon, NOW)).isEqualTo(soon);
    assertThat(RetrySchedule.asAsked(late, NOW)).isEqualTo(late);
    assertThat(RetrySchedule.isOver(late, NOW)).isFalse();
    assertThat(RetrySchedule.asAsked(NOW.minusSeconds(9), NOW)).isEqualTo(NOW.plusSeconds(1));
  }

  @Test
  void aPauseOfAYearIsNotBelieved() {
    Instant longest = NOW.plus(Duration.ofDays(8));
    assertThat(RetrySchedule.asAsked(NOW.plus(Duration.ofDays(365)), NOW)).isEqualTo(longest);
    assertThat(RetrySchedule.asAsked(Instant.MAX, NOW)).isEqualTo(longest);
    assertThat(RetrySchedule.isOver(longest, NOW)).isFalse();
  }

  @Test
  void aTimeThatAWrongClockWroteHoldsNobodyUp() {
    assertThat(RetrySchedule.isOver(NOW.plusSeconds(1), NOW)).isFalse();
    assertThat(RetrySchedule.isOver(NOW, NOW)).isTrue();
    assertThat(RetrySchedule.isOver(NOW.plus(Duration.ofDays(10)), NOW)).isTrue();
  }
}
