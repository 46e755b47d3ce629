package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.RenewalAdvice.Window;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenewalPolicyTest {

  private static final Instant ISSUED = Instant.parse("2026-11-23T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @ParameterizedTest
  @CsvSource({
    "P90D,P60D",
    "P45D,P30D",
    "PT241H,PT160H40M",
    "P10D,P5D",
    "PT160H,PT80H",
    "PT10M,PT5M"
  })
  void renewsAfterTwoThirdsOfALongLifeAndHalfOfAShortOne(Duration life, Duration used) {
    assertThat(RenewalPolicy.renewAt(ISSUED, ISSUED.plus(life))).isEqualTo(ISSUED.plus(used));
  }

  @Test
  void isDueFromThatMomentOn() {
    Instant end = ISSUED.plus(Duration.ofDays(90));
    Instant due = ISSUED.plus(Duration.ofDays(60));
    assertThat(RenewalPolicy.isDue(ISSUED, end, due.minusMillis(1))).isFalse();
    assertThat(RenewalPolicy.isDue(ISSUED, end, due)).isTrue();
    assertThat(RenewalPolicy.isDue(ISSUED, end, end.plusSeconds(1))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"P90D,P61D", "P45D,P31D", "P8D,P5D", "PT160H,PT100H", "PT8H,PT5H"})
  void isOverdueADayLaterOrAQuarterOfWhatWasLeft(Duration life, Duration used) {
    Instant end = ISSUED.plus(life);
    assertThat(RenewalPolicy.overdueAt(RenewalPolicy.renewAt(ISSUED, end), end))
        .isEqualTo(ISSUED.plus(used));
  }

  @Test
  void anotherCertificateIsARenewalForFourMonths() {
    assertThat(RenewalPolicy.isRenewal(ISSUED, ISSUED.plus(Duration.ofDays(90)))).isTrue();
    assertThat(RenewalPolicy.isRenewal(ISSUED, ISSUED.plus(Duration.ofDays(120)))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "P90D,0,P60D",
    "P90D,0.5,P60DT12H",
    "P90D,0.999999,P60DT23H59M59S",
    "P45D,0.5,P30DT6H",
    "PT160H,0.5,PT80H53M20S"
  })
  void namesThatWereOrderedTogetherAreSpreadOverANinetiethOfTheLife(
      Duration life, double share, Duration used) {
    assertThat(RenewalPolicy.renewAt(ISSUED, ISSUED.plus(life), share))
        .isEqualTo(ISSUED.plus(used));
  }

  @ParameterizedTest
  @CsvSource({"0,P50D", "0.25,P50DT12H", "0.5,P51D"})
  void aSuggestedWindowIsKeptTo(double share, Duration used) {
    assertThat(renewAt(days(90), share, window(days(50), days(52)))).isEqualTo(ISSUED.plus(used));
  }

  @Test
  void aWindowInThePastMeansAtOnceButNotForWhatIsNew() {
    Window past = window(days(-3), days(-2));

    assertThat(renewAt(days(90), 0.5, past)).isEqualTo(ISSUED.plus(DAY));
    assertThat(renewAt(Duration.ofHours(160), 0.5, past))
        .isEqualTo(ISSUED.plus(Duration.ofHours(16)));
  }

  @Test
  void aWindowTooLateIsBroughtForward() {
    assertThat(renewAt(days(90), 0.5, window(days(89), days(400))))
        .isEqualTo(ISSUED.plus(days(75)));
    assertThat(renewAt(Duration.ofHours(160), 0.5, window(days(30), days(31))))
        .isEqualTo(ISSUED.plus(Duration.ofHours(120)));
  }

  @Test
  void whatSaysThatItIsOldIsNewWhenItCame() {
    Instant came = ISSUED.plus(days(50));
    Instant end = ISSUED.plus(days(90));
    assertThat(RenewalPolicy.renewAt(ISSUED, end, 0.5, window(days(-3), days(-2)), came))
        .isEqualTo(came.plus(DAY));
    assertThat(RenewalPolicy.isFresh(ISSUED, end, came, came.plus(DAY).minusSeconds(1))).isTrue();
    assertThat(RenewalPolicy.isFresh(ISSUED, end, came, came.plus(DAY))).isFalse();
    assertThat(RenewalPolicy.isFresh(ISSUED, end, Instant.EPOCH, came)).isFalse();
  }

  @Test
  void whatCameLateIsNotHeldBackForThat() {
    Instant came = ISSUED.plus(days(74)).plusSeconds(3_600);
    assertThat(
            RenewalPolicy.renewAt(
                ISSUED, ISSUED.plus(days(90)), 0.5, window(days(60), days(61)), came))
        .isEqualTo(ISSUED.plus(days(75)));
  }

  @Test
  void noWindowThatCanBeWrittenDownLeadsOutOfTheBounds() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      Instant one = anyInstant(random);
      Instant other = anyInstant(random);
      if (!one.equals(other)) {
        Window window = one.isBefore(other) ? new Window(one, other) : new Window(other, one);
        assertThat(renewAt(days(90), random.nextDouble(), window))
            .isBetween(ISSUED.plus(DAY), ISSUED.plus(days(75)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {160, 1_080, 1_536, 2_160})
  void inAHundredYearsNoneIsEverServedExpiredWhateverItsCaSays(long hours) {
    Duration life = Duration.ofHours(hours);
    Random random = new Random(hours);
    Instant now = ISSUED;
    int renewals = 0;
    for (Instant end = now.plus(days(36_500)); now.isBefore(end); renewals++) {
      Instant start = now.plusSeconds(random.nextLong(-life.toSeconds(), 2 * life.toSeconds()));
      Window window =
          new Window(start, start.plusSeconds(1 + random.nextLong(2 * life.toSeconds())));
      Instant next = RenewalPolicy.renewAt(now, now.plus(life), random.nextDouble(), window, now);
      assertThat(Duration.between(next, now.plus(life))).isGreaterThanOrEqualTo(life.dividedBy(6));
      now = next;
    }
    assertThat((double) renewals).isLessThan(36_500 / Math.min(1, hours / 240.0));
  }

  @Test
  void theShareOfACertificateIsItsOwnAndStaysTheSame() throws Exception {
    KeyPair key = Keys.newP256();
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      X509Certificate certificate =
          new CertificateBuilder("test", key.getPublic(), ISSUED, DAY).selfSigned(key);
      double share = RenewalPolicy.share(certificate);
      assertThat(share).isBetween(0.0, 1.0).isEqualTo(RenewalPolicy.share(certificate));
      shares.add(share);
    }
    assertThat(shares).doesNotHaveDuplicates();
    assertThat(shares.stream().mapToDouble(each -> each).average().orElseThrow())
        .isCloseTo(0.5, within(0.1));
  }

  @ParameterizedTest
  @CsvSource({"PT1S,PT1M", "-PT1H,PT1M", "PT2H,PT2H", "P400D,P1D"})
  void asksAgainWhenTheCaSaidWithinAMinuteAndADay(Duration said, Duration pause) {
    assertThat(RenewalPolicy.askAgain(ISSUED, Optional.of(ISSUED.plus(said))))
        .isEqualTo(ISSUED.plus(pause));
  }

  @Test
  void asksAgainAfterSixHoursWhenItSaidNothing() {
    Instant again = RenewalPolicy.askAgain(ISSUED, Optional.empty());

    assertThat(again).isEqualTo(ISSUED.plus(Duration.ofHours(6)));
    assertThat(RenewalPolicy.isTimeToAsk(again, again.minusSeconds(1))).isFalse();
    assertThat(RenewalPolicy.isTimeToAsk(again, again)).isTrue();
    assertThat(RenewalPolicy.isTimeToAsk(again.plus(days(30)), again))
        .as("a clock that was wrong")
        .isTrue();
  }

  private static Instant renewAt(Duration life, double share, Window window) {
    return RenewalPolicy.renewAt(ISSUED, ISSUED.plus(life), share, window, ISSUED);
  }

  private static Window window(Duration start, Duration end) {
    return new Window(ISSUED.plus(start), ISSUED.plus(end));
  }

  private static Instant anyInstant(Random random) {
    return random.nextInt(10) == 0
        ? (random.nextBoolean() ? Instant.MIN : Instant.MAX)
        : Instant.ofEpochSecond(
            random.nextLong(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()));
  }

  private static Duration days(int days) {
    return Duration.ofDays(days);
  }
}
