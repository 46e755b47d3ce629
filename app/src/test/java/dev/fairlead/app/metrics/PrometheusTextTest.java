package dev.fairlead.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.metrics.PrometheusText.MetricType;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {

  private final PrometheusText text = new PrometheusText();

  @Test
  void aMetricHasItsHelpItsTypeAndItsSamples() {
    text.metric("doors", MetricType.GAUGE, "Doors that are open.");
    text.sample(2, "house", "red").sample(Long.MAX_VALUE, "house", "blue", "floor", "1");
    text.single("knocks_total", MetricType.COUNTER, "Knocks.", 0);
    assertThat(text)
        .hasToString(
            """
            # HELP doors Doors that are open.
            # TYPE doors gauge
            doors{house="red"} 2
            doors{house="blue",floor="1"} 9223372036854775807
            # HELP knocks_total Knocks.
            # TYPE knocks_total counter
            knocks_total 0
            """);
  }

  @Test
  void aTimeIsInSeconds() {
    text.metric("end_timestamp_seconds", MetricType.GAUGE, "End.");
    text.sample(Instant.ofEpochMilli(1_700_000_000_999L));
    assertThat(text.toString()).endsWith("end_timestamp_seconds 1700000000\n");
  }

  @Test
  void noValueOfALabelEndsItOrTheLine() {
    text.metric("doors", MetricType.GAUGE, "Back\\slash, \"quoted\",\nline.");
    text.sample(1, "house", "a\\b\"} 5\nc");
    assertThat(text)
        .hasToString(
            """
            # HELP doors Back\\\\slash, "quoted",\\nline.
            # TYPE doors gauge
            doors{house="a\\\\b\\"} 5\\nc"} 1
            """);
  }
}
