package dev.fairlead.app.alert;

import static dev.fairlead.app.alert.Certificates.issued;
import static dev.fairlead.app.alert.Certificates.local;
import static dev.fairlead.app.alert.Certificates.missing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.CertificateStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is told when, in weeks that pass by the minute. */
class AlertPlanTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String SHOP = "shop.example.com";

  private Instant now = BEGIN;
  private AlertBook book = AlertBook.EMPTY;
  private boolean taken = true;
  private final List<String> told = new ArrayList<>();

  /** Looks each minute; what was told is a line of the time since the beginning and the names. */
  private void pass(Duration time, Function<Instant, List<CertificateStatus>> names) {
    Instant end = now.plus(time);
    while (now.isBefore(end)) {
      look(names.apply(now));
      now = now.plus(MINUTE);
    }
  }

  private void look(List<CertificateStatus> names) {
    AlertPlan plan = AlertPlan.of(book, names, now);
    book = plan.book();
    if (plan.isToBeTold()) {
      Duration since = Duration.between(BEGIN, now);
      told.add(
          "%dd%02d:%02d %s solved %s"
              .formatted(
                  since.toDays(),
                  since.toHoursPart(),
                  since.toMinutesPart(),
                  plan.open().stream().sorted().toList(),
                  plan.solved()));
      book = taken ? plan.told(now) : plan.notTold(now);
    }
    assertThat(AlertBook.parse(book.text()))
        .as("what instances read of each other")
        .isEqualTo(book);
  }

  private static Function<Instant, List<CertificateStatus>> always(CertificateStatus... names) {
    return _ -> List.of(names);
  }

  @Test
  void beginsADayAfterTheRenewalWasDueAndIsRepeatedAtLongerPauses() {
    now = BEGIN.plus(Duration.ofDays(59));
    pass(Duration.ofDays(18), always(issued(SHOP, BEGIN)));
    assertThat(told)
        .containsExactly(
            "61d00:00 [shop.example.com] solved []",
            "62d00:00 [shop.example.com] solved []",
            "64d00:00 [shop.example.com] solved []",
            "68d00:00 [shop.example.com] solved []",
            "75d00:00 [shop.example.com] solved []");
  }

  @Test
  void whatBecomesWorseIsToldAtOnceAndAgainSoon() {
    now = BEGIN.plus(Duration.ofDays(75));
    pass(Duration.ofDays(6), always(issued(SHOP, BEGIN)));
    assertThat(told)
        .as("a seventh of 90 days is 12 days, 20 hours and 34 minutes")
        .containsExactly(
            "75d00:00 [shop.example.com] solved []",
            "76d00:00 [shop.example.com] solved []",
            "77d03:26 [shop.example.com] solved []",
            "79d03:26 [shop.example.com] solved []");
  }

  @Test
  void aNameWithoutACertificateIsToldAfterAnHourAndInTheEndOnceAWeek() {
    pass(Duration.ofDays(23), always(missing(SHOP, BEGIN)));
    assertThat(told)
        .containsExactly(
            "0d01:00 [shop.example.com] solved []",
            "1d01:00 [shop.example.com] solved []",
            "3d01:00 [shop.example.com] solved []",
            "7d01:00 [shop.example.com] solved []",
            "14d01:00 [shop.example.com] solved []",
            "21d01:00 [shop.example.com] solved []");
  }

  @Test
  void aNewNameThatGetsItsCertificateInTimeIsNoNews() {
    pass(Duration.ofMinutes(59), always(missing(SHOP, BEGIN)));
    pass(Duration.ofDays(59), always(issued(SHOP, BEGIN)));
    assertThat(told).isEmpty();
    assertThat(book.isEmpty()).isTrue();
  }

  @Test
  void theEndIsToldOnceAndThenForgotten() {
    now = BEGIN.plus(Duration.ofDays(61));
    pass(Duration.ofHours(30), always(issued(SHOP, BEGIN)));
    Instant renewed = now;
    pass(Duration.ofDays(10), always(issued(SHOP, renewed)));
    assertThat(told)
        .containsExactly(
            "61d00:00 [shop.example.com] solved []",
            "62d00:00 [shop.example.com] solved []",
            "62d06:00 [] solved [shop.example.com]");
    assertThat(book.isEmpty()).isTrue();
  }

  @Test
  void manyNamesAreOneMessage() {
    now = BEGIN.plus(Duration.ofDays(61));
    CertificateStatus[] names =
        IntStream.range(10, 60)
            .mapToObj(i -> issued("shop" + i + ".example.com", BEGIN))
            .toArray(CertificateStatus[]::new);
    pass(Duration.ofHours(1), always(names));
    assertThat(told).singleElement().asString().contains("shop10.", "shop59.");
  }

  @Test
  void namesThatComeOneAfterTheOtherAreFewMessagesAndOneWhenRepeated() {
    List<CertificateStatus> names =
        IntStream.range(10, 70)
            .mapToObj(i -> issued("shop" + i + ".example.com", BEGIN.plus(Duration.ofMinutes(i))))
            .toList();
    now = BEGIN.plus(Duration.ofDays(61));
    pass(Duration.ofHours(20), _ -> names);
    assertThat(told).hasSize(5);
    assertThat(told.getFirst()).isEqualTo("61d00:10 [shop10.example.com] solved []");
    assertThat(told.get(1)).startsWith("61d00:25 ").contains("shop11.", "shop25.");
    told.clear();
    pass(Duration.ofHours(20), _ -> names);
    assertThat(told).singleElement().asString().startsWith("62d00:10 ");
    assertThat(told.getFirst()).contains("shop10.", "shop69.");
  }

  @Test
  void doesNotBeginAgainRightAfterItsEndAsAnotherInstanceMayBeLateToSeeThat() {
    now = BEGIN.plus(Duration.ofDays(61));
    look(List.of(issued(SHOP, BEGIN)));
    Instant renewed = now;
    now = now.plus(Duration.ofHours(1));
    look(List.of(issued(SHOP, renewed)));
    now = now.plus(MINUTE);
    pass(Duration.ofMinutes(40), always(issued(SHOP, BEGIN)));
    pass(Duration.ofHours(1), always(issued(SHOP, renewed)));
    assertThat(told)
        .containsExactly(
            "61d00:00 [shop.example.com] solved []", "61d01:00 [] solved [shop.example.com]");
  }

  @Test
  void aNameThatNobodyWantsAnyMoreIsOverAfterAnHour() {
    now = BEGIN.plus(Duration.ofDays(61));
    pass(Duration.ofMinutes(30), always(issued(SHOP, BEGIN)));
    pass(Duration.ofHours(2), always(issued("other.example.com", now)));
    assertThat(told).hasSize(2);
    assertThat(told.getLast()).matches("61d01:2\\d \\[] solved \\[shop.example.com]");
  }

  @Test
  void whoKnowsNoNamesAtAllEndsNothing() {
    now = BEGIN.plus(Duration.ofDays(61));
    pass(Duration.ofMinutes(30), always(issued(SHOP, BEGIN)));
    pass(Duration.ofDays(3), always());
    assertThat(told).hasSize(1);
    pass(MINUTE, always(issued(SHOP, BEGIN)));
    assertThat(told.getLast()).isEqualTo("64d00:30 [shop.example.com] solved []");
  }

  @Test
  void namesOfTheLocalCaNeedNobody() {
    pass(Duration.ofDays(100), always(local(SHOP, BEGIN)));
    assertThat(told).isEmpty();
  }

  @Test
  void whatNoChannelTookIsTriedAgainAfterAPause() {
    taken = false;
    now = BEGIN.plus(Duration.ofDays(61));
    pass(Duration.ofMinutes(31), always(issued(SHOP, BEGIN)));
    taken = true;
    pass(Duration.ofHours(20), always(issued(SHOP, BEGIN)));
    assertThat(told)
        .containsExactly(
            "61d00:00 [shop.example.com] solved []",
            "61d00:15 [shop.example.com] solved []",
            "61d00:30 [shop.example.com] solved []",
            "61d00:45 [shop.example.com] solved []");
  }

  @Test
  void timesOfAClockThatWasWrongHoldNothingUp() {
    Instant future = BEGIN.plus(Duration.ofDays(4000));
    OpenAlert wrong =
        new OpenAlert(Trouble.Kind.OVERDUE, future, 3, future, future, Optional.empty());
    book = new AlertBook(new TreeMap<>(Map.of(SHOP, wrong)), future);
    now = BEGIN.plus(Duration.ofDays(61));
    look(List.of(issued(SHOP, BEGIN)));
    assertThat(told).containsExactly("61d00:00 [shop.example.com] solved []");
  }

  @Test
  void theBookOfAsManyNamesAsThereMayBeFitsIntoAFileOfTheStorage() {
    String longest = ("x".repeat(59) + ".").repeat(4);
    List<CertificateStatus> names =
        IntStream.range(100, 900).mapToObj(i -> issued(longest + "a" + i, BEGIN)).toList();
    now = BEGIN.plus(Duration.ofDays(61));
    look(names);
    now = now.plus(Duration.ofHours(2));
    look(List.of(issued("other.example.com", now)));
    assertThat(book.alerts()).hasSize(AlertBook.MOST_ALERTS);
    assertThat(book.text()).hasSizeLessThan(256 * 1024);
  }

  @Test
  void aDamagedBookIsAnEmptyOne() {
    assertThat(AlertBook.parse("")).isEqualTo(AlertBook.EMPTY);
    assertThat(AlertBook.parse("{\"alerts\": [1, 2")).isEqualTo(AlertBook.EMPTY);
    assertThat(
            AlertBook.parse(
                "{\"last\": 7, \"alerts\": {\"a\": {\"kind\": \"OVERDUE\"}, \"b\": 1}}"))
        .isEqualTo(AlertBook.EMPTY);
  }

  @Test
  void whatIsNoNameIsNotToldToAnybody() {
    Trouble trouble = new Trouble(Trouble.Kind.OVERDUE, Optional.empty());
    OpenAlert alert = OpenAlert.begin(trouble, now).tell(now);
    AlertBook read =
        AlertBook.parse(
            new AlertBook(
                    Map.of(SHOP, alert, "*.lan", alert, "evil\r\nX: y", alert, "A b", alert), now)
                .text());
    assertThat(read.alerts()).containsOnlyKeys(SHOP, "*.lan");
  }
}
