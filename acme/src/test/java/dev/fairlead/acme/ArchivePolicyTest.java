package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.store.WantedNote;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** For how long a name was not wanted, as far as it was seen. */
class ArchivePolicyTest {

  private static final Instant START = Instant.parse("2026-11-26T08:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);

  private WantedNote note = WantedNote.wanted(START);
  private int written;

  @Test
  void sevenDaysOfHourlyLooksAreAWeekAndAWriteADay() {
    Instant now = START;
    while (!ArchivePolicy.isOver(note, WEEK)) {
      now = now.plus(HOUR);
      look(now);
    }
    assertThat(now).isEqualTo(START.plus(WEEK));
    assertThat(written).isEqualTo(7);
  }

  @Test
  void theSecondBeforeIsNotOver() {
    Instant now = START;
    for (int day = 0; day < 6; day++) {
      now = now.plus(DAY);
      look(now);
    }
    look(START.plus(WEEK).minusSeconds(1));
    assertThat(ArchivePolicy.isOver(note, WEEK)).isFalse();
    look(START.plus(WEEK));
    assertThat(ArchivePolicy.isOver(note, WEEK)).isTrue();
  }

  @Test
  void itIsCountedFromTheMomentThatAnInstanceSawItLeave() {
    Instant left = START.plus(Duration.ofHours(15));
    Instant now = left.plus(HOUR);
    WantedNote next = ArchivePolicy.notWanted(Optional.of(note), Optional.of(left), now, WEEK);
    assertThat(next).isEqualTo(new WantedNote(Optional.of(left), HOUR, now));
    assertThat(next.isUnwanted()).isTrue();

    WantedNote newer = WantedNote.wanted(left.plusSeconds(1));
    assertThat(ArchivePolicy.notWanted(Optional.of(newer), Optional.of(left), now, WEEK))
        .as("another instance has wanted it since")
        .isEqualTo(newer);
  }

  @Test
  void whatLeftBeforeAnybodyNotedItIsKnownToHaveBeenWanted() {
    Instant now = START.plus(HOUR);
    assertThat(ArchivePolicy.notWanted(Optional.empty(), Optional.of(START), now, WEEK))
        .isEqualTo(new WantedNote(Optional.of(START), HOUR, now));
  }

  @Test
  void aNameWithoutANoteBeginsAtTheFirstLook() {
    WantedNote first = ArchivePolicy.notWanted(Optional.empty(), Optional.empty(), START, WEEK);
    assertThat(first).isEqualTo(WantedNote.neverWanted(START));
    assertThat(first.isUnwanted()).isTrue();
  }

  @Test
  void timeThatNobodySawIsNotCounted() {
    look(START.plus(DAY));
    look(START.plus(DAY.multipliedBy(15)));
    assertThat(note.unwanted()).isEqualTo(DAY);
    look(START.plus(DAY.multipliedBy(16)));
    assertThat(note.unwanted()).isEqualTo(DAY.multipliedBy(2));
  }

  @Test
  void aClockThatIsYearsAheadMakesNothingOld() {
    Instant wrong = START.plus(Duration.ofDays(3650));
    Instant right = START;
    for (int hour = 0; hour < 1000; hour++) {
      right = right.plus(HOUR);
      wrong = wrong.plus(HOUR);
      look(wrong);
      look(right);
    }
    assertThat(note.unwanted()).isZero();
  }

  @Test
  void clocksThatAreMinutesApartCountTheTimeOnce() {
    for (int hour = 1; hour <= 24 * 6; hour++) {
      Instant now = START.plus(HOUR.multipliedBy(hour));
      look(now.plus(Duration.ofMinutes(10)));
      look(now);
    }
    assertThat(note.unwanted()).isEqualTo(DAY.multipliedBy(6).plus(Duration.ofMinutes(10)));
  }

  @Test
  void clocksThatAreDaysApartCountTheTimeOnce() {
    for (int ahead : new int[] {30, 36, 47, 48, 49, 60}) {
      note = WantedNote.wanted(START);
      for (int hour = 1; hour <= 24 * 3; hour++) {
        Instant now = START.plus(HOUR.multipliedBy(hour));
        look(now.plus(HOUR.multipliedBy(ahead)));
        look(now);
      }
      assertThat(note.unwanted())
          .as("%d hours ahead", ahead)
          .isLessThanOrEqualTo(DAY.multipliedBy(5));
    }
  }

  @Test
  void wantedIsWrittenOnceADayAndBeforeOthersBeginToCount() {
    Instant now = START;
    for (int hour = 1; hour <= 24 * 30; hour++) {
      now = now.plus(HOUR);
      Optional<WantedNote> next = ArchivePolicy.wanted(Optional.of(note), now);
      if (next.isPresent()) {
        written++;
        note = next.get();
      }
      WantedNote elsewhere =
          ArchivePolicy.notWanted(Optional.of(note), Optional.empty(), now, WEEK);
      assertThat(elsewhere)
          .as("an instance that does not want it has nothing to note")
          .isEqualTo(note);
    }
    assertThat(written).isEqualTo(36);
  }

  @Test
  void whoWantsItAgainEndsTheCount() {
    look(START.plus(DAY));
    Instant now = START.plus(DAY).plus(HOUR);
    assertThat(ArchivePolicy.wanted(Optional.of(note), now)).contains(WantedNote.wanted(now));
    assertThat(ArchivePolicy.wanted(Optional.empty(), now)).contains(WantedNote.wanted(now));
    Instant ahead = now.plus(DAY.multipliedBy(400));
    assertThat(ArchivePolicy.wanted(Optional.of(WantedNote.wanted(ahead)), now))
        .as("a note from the future")
        .contains(WantedNote.wanted(now));
  }

  private void look(Instant now) {
    WantedNote next = ArchivePolicy.notWanted(Optional.of(note), Optional.empty(), now, WEEK);
    if (!next.equals(note)) {
      written++;
      note = next;
    }
  }
}
