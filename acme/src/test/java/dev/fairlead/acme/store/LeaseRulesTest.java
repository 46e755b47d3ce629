package dev.fairlead.acme.store;

import static dev.fairlead.acme.store.LockReach.MACHINE;
import static dev.fairlead.acme.store.LockReach.NONE;
import static dev.fairlead.acme.store.LockReach.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may follow the last holder of a lock. */
class LeaseRulesTest {

  private static final Instant NOW = Instant.parse("2026-11-26T08:00:00Z");
  private static final String OURS = "0123456789abcdef";
  private static final String OTHER = "fedcba9876543210";
  private static final String HERE = "kernel 1 device 40";
  private static final String THERE = "kernel 2 device 40";

  private static final FcntlAnswer BUSY = new FcntlAnswer.Busy();
  private static final FcntlAnswer UNAVAILABLE = new FcntlAnswer.Unavailable();
  private static final FcntlAnswer GRANTED =
      new FcntlAnswer.Granted() {
        @Override
        public void touch() {}

        @Override
        public void release() {}
      };

  @Test
  void theFirstOneMayUnlessSomebodyHasTheFcntlLock() {
    assertThat(mayFollow(Optional.empty(), GRANTED, SERVER)).isTrue();
    assertThat(mayFollow(Optional.empty(), UNAVAILABLE, NONE)).isTrue();
    assertThat(mayFollow(Optional.empty(), BUSY, SERVER)).isFalse();
  }

  @Test
  void whatWasGivenBackIsFreeUnlessSomebodyHasTheFcntlLock() {
    Optional<LeaseEntry> free =
        Optional.of(new LeaseEntry(3, text(OTHER, THERE, SERVER).givenBack().toString(), NOW));
    assertThat(mayFollow(free, GRANTED, SERVER)).isTrue();
    assertThat(mayFollow(free, UNAVAILABLE, NONE)).isTrue();
    assertThat(mayFollow(free, BUSY, SERVER)).isFalse();
  }

  @Test
  void aHolderOfThisMachineWhoseFcntlLockIsFreeIsDead() {
    assertThat(mayFollow(held(OTHER, HERE, MACHINE, 0), GRANTED, MACHINE)).isTrue();
    assertThat(mayFollow(held(OTHER, HERE, SERVER, 0), GRANTED, SERVER)).isTrue();
  }

  @Test
  void aHolderWithoutAnFcntlLockIsAliveUntilItIsSilent() {
    assertThat(mayFollow(held(OTHER, HERE, NONE, 0), GRANTED, SERVER)).isFalse();
    assertThat(mayFollow(held(OTHER, HERE, NONE, 31), GRANTED, SERVER)).isTrue();
  }

  @Test
  void whereLocksStayOnTheirMachineOnlySilenceTells() {
    assertThat(mayFollow(held(OTHER, THERE, MACHINE, 29), GRANTED, MACHINE)).isFalse();
    assertThat(mayFollow(held(OTHER, THERE, MACHINE, 29), GRANTED, SERVER)).isFalse();
    assertThat(mayFollow(held(OTHER, THERE, SERVER, 29), GRANTED, MACHINE)).isFalse();
    assertThat(mayFollow(held(OTHER, THERE, MACHINE, 31), GRANTED, MACHINE)).isTrue();
    assertThat(mayFollow(held(OTHER, THERE, NONE, 29), UNAVAILABLE, NONE)).isFalse();
    assertThat(mayFollow(held(OTHER, THERE, NONE, 31), UNAVAILABLE, NONE)).isTrue();
  }

  @Test
  void whereTheServerKeepsLocksTwoMissedSignsAreEnough() {
    assertThat(mayFollow(held(OTHER, THERE, SERVER, 9), GRANTED, SERVER)).isFalse();
    assertThat(mayFollow(held(OTHER, THERE, SERVER, 11), GRANTED, SERVER)).isTrue();
  }

  @Test
  void aHolderThatHasTheFcntlLockIsGivenLonger() {
    assertThat(mayFollow(held(OTHER, HERE, MACHINE, 299), BUSY, MACHINE)).isFalse();
    assertThat(mayFollow(held(OTHER, HERE, MACHINE, 301), BUSY, MACHINE)).isTrue();
  }

  @Test
  void whatWeCouldNotGiveBackIsOurs() {
    assertThat(mayFollow(held(OURS, HERE, NONE, 0), UNAVAILABLE, NONE)).isTrue();
  }

  @Test
  void aSignFromTheFutureIsNone() {
    assertThat(mayFollow(held(OTHER, THERE, MACHINE, -29), GRANTED, MACHINE)).isFalse();
    assertThat(mayFollow(held(OTHER, THERE, MACHINE, -3600), GRANTED, MACHINE)).isTrue();
  }

  @Test
  void whatNobodyUnderstandsGoesWhenItIsOld() {
    Optional<LeaseEntry> strange =
        Optional.of(new LeaseEntry(1, "something else", NOW.minusSeconds(5)));
    assertThat(mayFollow(strange, GRANTED, MACHINE)).isFalse();
    Optional<LeaseEntry> old =
        Optional.of(new LeaseEntry(1, "something else", NOW.minusSeconds(31)));
    assertThat(mayFollow(old, GRANTED, MACHINE)).isTrue();
  }

  @Test
  void theTextIsReadAsItWasWritten() {
    LeaseText text = text(OTHER, THERE, SERVER);
    assertThat(LeaseText.parse(text.toString())).contains(text);
    assertThat(LeaseText.parse(text.givenBack().toString())).contains(text.givenBack());
    LeaseText strange = new LeaseText("a//b;\n\u00e4", OTHER, "c/d", NONE, false);
    assertThat(LeaseText.parse(strange.toString())).contains(strange);
    assertThat(strange.toString()).doesNotContain("/").doesNotContain("\n");
  }

  private static boolean mayFollow(Optional<LeaseEntry> last, FcntlAnswer answer, LockReach reach) {
    Surroundings here =
        new Surroundings(HERE, reach, (file, holder, files) -> new FcntlAnswer.Busy());
    return LeaseRules.mayFollow(last, answer, NOW, OURS, here, LeaseTerms.NORMAL);
  }

  private static Optional<LeaseEntry> held(
      String instance, String machine, LockReach lock, long secondsAgo) {
    return Optional.of(
        new LeaseEntry(
            7,
            text(instance, machine, lock).toString(),
            NOW.minus(Duration.ofSeconds(secondsAgo))));
  }

  private static LeaseText text(String instance, String machine, LockReach lock) {
    return new LeaseText(
        "pid 1 on web1 since 2026-11-26T07:00:00Z", instance, machine, lock, false);
  }
}
