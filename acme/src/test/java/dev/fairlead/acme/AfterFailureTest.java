package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.issue.Failures;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.SeenInDns;
import dev.fairlead.acme.store.Step;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AfterFailureTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Step ORDERED =
      new Step.Ordered(URI.create("https://ca.example.org/order/1"));
  private static final NameState BEFORE = new NameState(ORDERED, 1, NOW, "before");

  @Test
  void anOrderThatIsUnderWayGoesOnAfterAPause() {
    assertThat(AfterFailure.of(BEFORE, Failures.tryAgain("CA down"), new Step.Renewing(), NOW, 0))
        .isEqualTo(new NameState(ORDERED, 2, NOW.plus(Duration.ofMinutes(5)), "CA down"));
  }

  @Test
  void anOrderThatIsOverIsForgottenAndTheNextOneWaits() {
    assertThat(
            AfterFailure.of(BEFORE, Failures.orderIsOver("invalid"), new Step.Renewing(), NOW, 0))
        .isEqualTo(
            new NameState(new Step.Renewing(), 2, NOW.plus(Duration.ofMinutes(5)), "invalid"));
  }

  @Test
  void anotherAnswerOfDnsCountsAfterAFailureAndNotWhileTheCaAsksToWait() {
    SeenInDns seen = new SeenInDns(List.of("one"), false);
    NameState before = new NameState(new Step.Wanted(), 1, NOW, "before", seen);
    NameState failed =
        AfterFailure.of(before, Failures.orderIsOver("invalid"), new Step.Wanted(), NOW, 0);
    assertThat(failed.dns()).isEqualTo(new SeenInDns(List.of("one"), true));
    assertThat(failed.dns().isWatched()).isTrue();

    NameState waits =
        AfterFailure.of(
            failed, Failures.postponed("limit", NOW.plusSeconds(9)), new Step.Wanted(), NOW, 0);
    assertThat(waits.dns()).isEqualTo(seen);
    assertThat(waits.dns().isWatched()).isFalse();
  }

  @Test
  void whoIsToldToWaitHasNotFailed() {
    Instant until = NOW.plusSeconds(36);
    assertThat(
            AfterFailure.of(
                BEFORE, Failures.postponed("limit", until), new Step.Wanted(), NOW, 0.9))
        .isEqualTo(new NameState(ORDERED, 1, until, "limit"));
  }

  @Test
  void anOrderThatTheCaIsStuckWithIsGivenUpAfterEightFailures() {
    NameState seven = new NameState(ORDERED, 7, NOW, "before");
    assertThat(
            AfterFailure.of(seven, Failures.tryAgain("not decided"), new Step.Renewing(), NOW, 0))
        .isEqualTo(
            new NameState(new Step.Renewing(), 8, NOW.plus(Duration.ofHours(6)), "not decided"));
    assertThat(
            AfterFailure.of(seven, Failures.outOfReach("no route"), new Step.Renewing(), NOW, 0)
                .step())
        .as("a CA that is out of reach may have it ready")
        .isEqualTo(ORDERED);
    assertThat(
            AfterFailure.of(
                    seven,
                    Failures.postponed("later", NOW.plusSeconds(9)),
                    new Step.Wanted(),
                    NOW,
                    0)
                .step())
        .isEqualTo(ORDERED);
  }
}
