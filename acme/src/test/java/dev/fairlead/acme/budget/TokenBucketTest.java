package dev.fairlead.acme.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Rate FIVE_A_WEEK = new Rate(5, Duration.ofDays(7));

  @Test
  void asManyAsTheRateAllowsAtOnceAndThenOneByOne() {
    TokenBucket bucket = new TokenBucket(FIVE_A_WEEK, Instant.EPOCH);
    for (int i = 0; i < 4; i++) {
      assertThat(bucket.emptyUntil(NOW)).isEmpty();
      bucket = bucket.spend(NOW);
    }
    // The last one has to wait as one that came back has.
    Instant last = NOW.plusSeconds(2);
    assertThat(bucket.emptyUntil(NOW)).contains(last);
    assertThat(bucket.emptyUntil(last)).isEmpty();
    bucket = bucket.spend(last);
    Instant next = bucket.emptyUntil(last).orElseThrow();
    // a fifth of a week, and two seconds for the way to the CA
    assertThat(next).isEqualTo(NOW.plus(Duration.ofMinutes(33 * 60 + 36)).plusSeconds(2));
    assertThat(bucket.emptyUntil(next.minusMillis(1))).contains(next);
    assertThat(bucket.emptyUntil(next)).isEmpty();
    assertThat(bucket.spend(next).emptyUntil(next)).isPresent();
  }

  @Test
  void whatIsGivenBackCanBeSpentAgain() {
    TokenBucket bucket = new TokenBucket(new Rate(2, Duration.ofHours(1)), Instant.EPOCH);
    bucket = bucket.spend(NOW);
    assertThat(bucket.emptyUntil(NOW)).isPresent();
    assertThat(bucket.giveBack().emptyUntil(NOW)).isEmpty();
    bucket = bucket.spend(NOW.plusSeconds(2));
    assertThat(bucket.emptyUntil(NOW)).contains(NOW.plus(Duration.ofMinutes(30)).plusSeconds(2));
  }

  @Test
  void aMomentThatAWrongClockWroteHoldsNobodyUp() {
    Instant ahead = NOW.plus(Duration.ofDays(400));
    TokenBucket bucket = new TokenBucket(FIVE_A_WEEK, ahead);
    assertThat(bucket.emptyUntil(NOW)).isEmpty();
    assertThat(bucket.spend(NOW).fullAt()).isBefore(NOW.plus(Duration.ofDays(7)));
    assertThat(new TokenBucket(FIVE_A_WEEK, Instant.MAX).emptyUntil(NOW)).isEmpty();
  }

  @Test
  void aTokenBucketOfTheCaThatGetsEverythingLaterNeverRefuses() {
    Random random = new Random(42);
    for (int run = 0; run < 200; run++) {
      Rate rate = new Rate(1 + random.nextInt(20), Duration.ofSeconds(10 + random.nextInt(10_000)));
      TokenBucket ours = new TokenBucket(rate, Instant.EPOCH);
      Reference theirs = new Reference(rate);
      Instant now = NOW;
      for (int i = 0; i < 200; i++) {
        Optional<Instant> until = ours.emptyUntil(now);
        if (until.isPresent()) {
          now = until.get();
        }
        assertThat(ours.emptyUntil(now)).isEmpty();
        ours = ours.spend(now);
        assertThat(theirs.take(now.plusMillis(random.nextInt(1_900)))).isTrue();
        now = now.plusMillis(2_000 + random.nextInt(500));
      }
    }
  }

  /** A bucket as a textbook has it: tokens and the time of the last look. */
  private static final class Reference {
    private final Rate rate;
    private double tokens;
    private Instant last = NOW;

    Reference(Rate rate) {
      this.rate = rate;
      this.tokens = rate.count();
    }

    boolean take(Instant now) {
      double back =
          Duration.between(last, now).toNanos() * (double) rate.count() / rate.period().toNanos();
      tokens = Math.min(rate.count(), tokens + back);
      last = now;
      if (tokens < 1 - 1e-6) {
        return false;
      }
      tokens--;
      return true;
    }
  }

  @Test
  void anHourNeverSeesMoreThanTwiceTheRate() {
    // What a token bucket allows at the worst: all of it, and all that comes back meanwhile.
    Rate rate = new Rate(5, Duration.ofHours(1));
    TokenBucket bucket = new TokenBucket(rate, Instant.EPOCH);
    Deque<Instant> spent = new ArrayDeque<>();
    for (Instant now = NOW; now.isBefore(NOW.plus(Duration.ofDays(1))); now = now.plusSeconds(7)) {
      if (bucket.emptyUntil(now).isEmpty()) {
        bucket = bucket.spend(now);
        spent.add(now);
      }
      while (spent.getFirst().isBefore(now.minus(rate.period()))) {
        spent.removeFirst();
      }
      assertThat(spent.size()).isLessThanOrEqualTo(10);
    }
  }
}
