package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FallbackPolicyTest {

  private static final Instant BEGAN = Instant.parse("2026-11-23T00:00:00Z");
  private static final Instant SOON = BEGAN.plus(Duration.ofMinutes(30));
  private static final Instant NEXT_DAY = BEGAN.plus(Duration.ofDays(1));

  @Test
  void aNameWithoutACertificateGoesThereAfterThreeFailuresInARow() {
    assertThat(FallbackPolicy.isTime(0, BEGAN, Optional.empty(), SOON)).isFalse();
    assertThat(FallbackPolicy.isTime(2, BEGAN, Optional.empty(), SOON)).isFalse();
    assertThat(FallbackPolicy.isTime(3, BEGAN, Optional.empty(), SOON)).isTrue();
  }

  @Test
  void aNameWithAGoodCertificateWaitsForADay() {
    Optional<Instant> good = Optional.of(BEGAN.plus(Duration.ofDays(30)));
    assertThat(FallbackPolicy.isTime(10, BEGAN, good, NEXT_DAY.minusSeconds(1))).isFalse();
    assertThat(FallbackPolicy.isTime(10, BEGAN, good, NEXT_DAY)).isTrue();
  }

  @Test
  void anOutageOfADayIsEnoughHoweverFewTriesTheCaAllowed() {
    assertThat(FallbackPolicy.isTime(1, BEGAN, Optional.empty(), NEXT_DAY)).isTrue();
  }

  @Test
  void aCertificateThatEndsSoonIsLikeNone() {
    Optional<Instant> ending = Optional.of(BEGAN.plus(Duration.ofDays(2)));
    assertThat(FallbackPolicy.isTime(2, BEGAN, ending, SOON)).isFalse();
    assertThat(FallbackPolicy.isTime(3, BEGAN, ending, SOON)).isTrue();
  }
}
