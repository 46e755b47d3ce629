package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BestCertificateTest {

  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final KeyPair KEY = Keys.newP256();

  @Test
  void ofNoneThereIsNone() {
    assertThat(BestCertificate.of(List.of(), NOW)).isEmpty();
  }

  @Test
  void theNewestIsServedThoughAnotherLivesLonger() {
    KeyAndChain old = pair(NOW.minus(DAY.multipliedBy(60)), DAY.multipliedBy(90));
    KeyAndChain shortLived = pair(NOW.minus(DAY), DAY.multipliedBy(6));

    assertThat(BestCertificate.of(List.of(old, shortLived), NOW)).contains(shortLived);
    assertThat(BestCertificate.of(List.of(shortLived, old), NOW)).contains(shortLived);
  }

  @Test
  void ofTwoThatWereIssuedTogetherTheOneThatEndsLaterIsServed() {
    KeyAndChain one = pair(NOW, DAY.multipliedBy(90));
    KeyAndChain longer = pair(NOW, DAY.multipliedBy(365));

    assertThat(BestCertificate.of(List.of(one, longer), NOW)).contains(longer);
    assertThat(BestCertificate.of(List.of(longer, one), NOW)).contains(longer);
  }

  @Test
  void oneThatIsValidIsBetterThanOneThatIsNewer() {
    KeyAndChain valid = pair(NOW.minus(DAY.multipliedBy(60)), DAY.multipliedBy(90));
    KeyAndChain expired = pair(NOW.minus(DAY.multipliedBy(7)), DAY.multipliedBy(6));
    KeyAndChain future = pair(NOW.plus(DAY), DAY.multipliedBy(6));

    assertThat(BestCertificate.of(List.of(expired, valid, future), NOW)).contains(valid);
  }

  @Test
  void ofExpiredOnesTheLastOneIsServed() {
    KeyAndChain long1 = pair(NOW.minus(DAY.multipliedBy(100)), DAY.multipliedBy(90));
    KeyAndChain short1 = pair(NOW.minus(DAY.multipliedBy(50)), DAY.multipliedBy(6));

    assertThat(BestCertificate.of(List.of(short1, long1), NOW)).contains(long1);
  }

  private static KeyAndChain pair(Instant from, Duration life) {
    return new KeyAndChain(
        KEY.getPrivate(),
        List.of(new CertificateBuilder("test", KEY.getPublic(), from, life).selfSigned(KEY)));
  }
}
