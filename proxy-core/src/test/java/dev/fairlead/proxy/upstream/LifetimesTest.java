package dev.fairlead.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LifetimesTest {

  private static final long NOW = Long.MAX_VALUE - 1; // the clock may pass over it

  @Test
  void connectionsThatAreMadeTogetherDoNotEndTogether() {
    Lifetimes lifetimes = new Lifetimes(() -> NOW, new SplittableRandom(1));

    LongSummaryStatistics ages =
        LongStream.generate(() -> lifetimes.endNanos() - NOW).limit(1000).summaryStatistics();

    assertThat(Duration.ofNanos(ages.getMin()))
        .isBetween(Duration.ofMinutes(45), Duration.ofMinutes(46));
    assertThat(Duration.ofNanos(ages.getMax()))
        .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
  }
}
