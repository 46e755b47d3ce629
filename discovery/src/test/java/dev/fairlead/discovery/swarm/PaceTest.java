package dev.fairlead.discovery.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When to look again. */
class PaceTest {

  private static final Duration STEADY = Duration.ofMillis(500);
  private static final Duration FREQUENT = Duration.ofMillis(100);
  private static final Duration SERVICES = Duration.ofMillis(1500);

  private final ManualClock clock = new ManualClock();
  private final Pace pace = new Pace(clock, STEADY, SERVICES);

  @Test
  void isSteadyWhileNothingHappens() {
    assertThat(pace.pause()).isEqualTo(STEADY);
  }

  @Test
  void spendsHalfAHundredthOfTheTimeOnSteadyLooks() {
    look(Duration.ofMillis(2));
    assertThat(pace.pause()).isEqualTo(STEADY);
    look(Duration.ofMillis(4));
    assertThat(pace.pause()).isEqualTo(Duration.ofMillis(796));
    look(Duration.ofMillis(1));
    assertThat(pace.pause()).isEqualTo(STEADY);
  }

  @Test
  void isNeverSlowerThanATaskThatStops() {
    look(Duration.ofMillis(50));
    assertThat(pace.pause()).isEqualTo(Duration.ofMillis(1050));
    look(Duration.ofMillis(200));
    assertThat(pace.pause()).isEqualTo(Duration.ofMillis(600));
  }

  @Test
  void leavesTheEngineTimeHoweverLongALookTakes() {
    look(Duration.ofSeconds(4));
    assertThat(pace.pause()).isEqualTo(STEADY);
  }

  @Test
  void isFrequentAgainAsSoonAsSomethingChanges() {
    look(Duration.ofMillis(20));
    assertThat(pace.pause()).isEqualTo(Duration.ofMillis(1140));
    Instant start = clock.instant();
    clock.move(Duration.ofMillis(20));
    pace.looked(start, true);
    assertThat(pace.pause()).isEqualTo(FREQUENT);
  }

  @Test
  void isFrequentForTenSecondsAfterTheLastChange() {
    pace.looked(clock.instant(), true);
    assertThat(pace.pause()).isEqualTo(FREQUENT);
    clock.move(Duration.ofSeconds(9));
    pace.looked(clock.instant(), true);
    clock.move(Duration.ofSeconds(9));
    pace.looked(clock.instant(), false);
    assertThat(pace.pause()).isEqualTo(FREQUENT);
    clock.move(Duration.ofSeconds(1));
    assertThat(pace.pause()).isEqualTo(STEADY);
  }

  @Test
  void spendsAThirdOfTheTimeOnLooksAtMost() {
    Instant start = clock.instant();
    clock.move(Duration.ofMillis(150));
    pace.looked(start, true);
    assertThat(pace.pause()).isEqualTo(Duration.ofMillis(300));

    start = clock.instant();
    clock.move(Duration.ofSeconds(2));
    pace.looked(start, true);
    assertThat(pace.pause()).isEqualTo(STEADY);
  }

  @Test
  void servicesAreDueFirstAfterAHintWithoutEventsAndNowAndThen() {
    assertThat(pace.servicesAreDue(true)).isTrue();
    pace.servicesWereRead();
    assertThat(pace.servicesAreDue(true)).isFalse();
    assertThat(pace.servicesAreDue(false)).isTrue();

    pace.hint();
    assertThat(pace.servicesAreDue(true)).isTrue();
    assertThat(pace.pause()).isEqualTo(FREQUENT);
    pace.servicesWereRead();
    assertThat(pace.servicesAreDue(true)).isFalse();

    clock.move(Duration.ofSeconds(1));
    assertThat(pace.servicesAreDue(true)).isFalse();
    clock.move(STEADY);
    assertThat(pace.servicesAreDue(true)).isTrue();
  }

  @Test
  void aHintThatAFailedLookUsedUpIsStillAnswered() {
    pace.servicesWereRead();
    pace.hint();
    assertThat(pace.servicesAreDue(true)).isTrue();
    pace.failed();
    assertThat(pace.servicesAreDue(true)).isTrue();
  }

  @Test
  void aClockThatIsSetBackDelaysNothing() {
    pace.servicesWereRead();
    pace.looked(clock.instant(), true);
    clock.move(Duration.ofHours(-1));
    assertThat(pace.servicesAreDue(true)).isTrue();
    assertThat(pace.pause()).isEqualTo(STEADY);
  }

  /** One that finds nothing new. */
  private void look(Duration took) {
    Instant start = clock.instant();
    clock.move(took);
    pace.looked(start, false);
  }
}
