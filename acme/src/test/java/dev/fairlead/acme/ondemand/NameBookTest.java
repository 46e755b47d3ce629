package dev.fairlead.acme.ondemand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.OnDemandSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NameBookTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.5Z");
  private static final LocalDate TODAY = LocalDate.parse("2026-11-23");
  private static final OnDemandSettings LIMITS = new OnDemandSettings(5, 2);

  @Test
  void isATextThatPeopleCanRead() {
    NameBook book = NameBook.EMPTY.with("b.example.com", NOW).with("a.example.com", NOW);

    assertThat(book.text())
        .isEqualTo(
            """
            a.example.com 2026-11-23T12:00:00Z 2026-11-23
            b.example.com 2026-11-23T12:00:00Z 2026-11-23
            """);
    assertThat(NameBook.parse(book.text())).isEqualTo(book);
  }

  @Test
  void linesThatMakeNoSenseAreLeftOut() {
    assertThat(
            NameBook.parse(
                    """
                    a.example.com 2026-11-23T12:00:00Z 2026-11-23
                    *.example.com 2026-11-23T12:00:00Z 2026-11-23
                    ../../etc/passwd 2026-11-23T12:00:00Z 2026-11-23
                    B.example.com 2026-11-23T12:00:00Z 2026-11-23
                    c.example.com yesterday 2026-11-23
                    d.example.com 2026-11-23T12:00:00Z
                    """)
                .names())
        .containsOnlyKeys("a.example.com");
  }

  @Test
  void soManyComeInAnHour() {
    NameBook one = NameBook.EMPTY.with("a.example.com", NOW);
    NameBook two = one.with("b.example.com", NOW.plusSeconds(60));

    assertThat(one.roomFrom(LIMITS, NOW)).isBefore(NOW);
    assertThat(two.roomFrom(LIMITS, NOW.plusSeconds(60)))
        .isEqualTo(Instant.parse("2026-11-23T13:00:00Z"));
  }

  @Test
  void soManyThereAreAtMost() {
    NameBook book = NameBook.EMPTY;
    for (int i = 0; i < 5; i++) {
      book = book.with("a%d.example.com".formatted(i), NOW.minus(Duration.ofDays(i + 1)));
    }
    assertThat(book.roomFrom(LIMITS, NOW)).isEqualTo(Instant.MAX);
  }

  @Test
  void fitsIntoItsFileHoweverLongTheNamesAre() {
    String domain = ".%1$s.%1$s.%1$s".formatted("x".repeat(60));
    NameBook book = NameBook.EMPTY;
    int names = 0;
    for (;
        names < 2000 && !book.roomFrom(new OnDemandSettings(2000, 1000), NOW).isAfter(NOW);
        names++) {
      book = book.with("n%04d".formatted(names) + domain, NOW.minus(Duration.ofDays(1)));
    }
    assertThat(names).isBetween(500, 1500);
    assertThat(book.text().length()).isLessThan(256 * 1024);
  }

  @Test
  void whatAWrongClockWroteHoldsUpNobody() {
    NameBook book =
        NameBook.EMPTY
            .with("a.example.com", NOW.plus(Duration.ofDays(400)))
            .with("b.example.com", NOW.plus(Duration.ofDays(400)));

    assertThat(book.roomFrom(LIMITS, NOW)).isBefore(NOW);
    NameBook looked = book.asked(Map.of(), TODAY);
    assertThat(looked.names().values()).allMatch(entry -> entry.asked().equals(TODAY));
  }

  @Test
  void forgetsWhatNobodyCameForInThirtyDays() {
    NameBook book = NameBook.EMPTY.with("a.example.com", NOW).with("b.example.com", NOW);
    LocalDate later = TODAY.plusDays(NameBook.FORGOTTEN_DAYS);

    assertThat(book.forgotten(later)).isEmpty();
    NameBook asked = book.asked(Map.of("b.example.com", TODAY.plusDays(3)), later);
    assertThat(asked.forgotten(later.plusDays(1))).containsExactly("a.example.com");
    assertThat(asked.without(asked.forgotten(later.plusDays(1))).names())
        .containsOnlyKeys("b.example.com");
    assertThat(asked.asked(Map.of("b.example.com", TODAY), later)).isEqualTo(asked);
  }
}
