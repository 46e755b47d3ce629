package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewalPolicyTest {

  private static final Instant ISSUED = Instant.parse("2026-11-23T00:00:00Z");

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
    assertThat(RenewalPolicy.overdueAt(ISSUED, ISSUED.plus(life))).isEqualTo(ISSUED.plus(used));
  }

  @Test
  void anotherCertificateIsARenewalForFourMonths() {
    assertThat(RenewalPolicy.isRenewal(ISSUED, ISSUED.plus(Duration.ofDays(90)))).isTrue();
    assertThat(RenewalPolicy.isRenewal(ISSUED, ISSUED.plus(Duration.ofDays(120)))).isFalse();
  }
}
