package dev.fairlead.acme.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PatienceTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void whatTheCaAsksForIsKeptToTheSecond() {
    assertThat(Patience.pause(Optional.of(NOW.minusSeconds(60)), NOW))
        .isEqualTo(Duration.ofMillis(500));
    assertThat(Patience.pause(Optional.of(NOW.plusSeconds(3)), NOW))
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(Patience.pause(Optional.of(NOW.plusSeconds(9_999_999)), NOW))
        .isEqualTo(Duration.ofSeconds(9_999_999));
    assertThat(Patience.pause(Optional.empty(), NOW)).isEqualTo(Duration.ofMillis(500));
  }
}
