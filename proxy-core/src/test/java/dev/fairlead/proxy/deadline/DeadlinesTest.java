package dev.fairlead.proxy.deadline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.TimeoutSettings;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadlinesTest {

  @ParameterizedTest
  @CsvSource({
    "PT0.001S, PT0.001S",
    "PT0.099S, PT0.099S",
    "PT0.101S, PT0.11S",
    "PT60S, PT60S",
    "PT125S, PT130S",
    "PT99.001S, PT100S",
    "PT24H, PT24H10M"
  })
  void otherLengthsAreRoundedUpToTwoDigits(Duration length, Duration rounded) {
    assertThat(Deadlines.OfLoop.rounded(length)).isEqualTo(rounded);
  }

  @Test
  void thereAreNeverMoreThanSomeHundred() {
    Set<Duration> lengths = new HashSet<>();
    long day = Duration.ofDays(1).toMillis();
    for (long millis = 1; millis <= day; millis += 1 + millis / 1000) {
      lengths.add(Deadlines.OfLoop.rounded(Duration.ofMillis(millis)));
    }
    assertThat(lengths).hasSizeLessThan(700);
  }

  @Test
  void equalLengthsShareAQueue() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Duration some = Duration.ofSeconds(10);
    Deadlines.OfLoop queues =
        new Deadlines(channel.eventLoop(), new TimeoutSettings(some, some, some, some, some, some))
            .of(channel.eventLoop());

    assertThat(queues.progress(Duration.ofMillis(12_001)))
        .isSameAs(queues.progress(Duration.ofSeconds(13)))
        .isNotSameAs(queues.progress(Duration.ofSeconds(12)));
    channel.finishAndReleaseAll();
  }
}
