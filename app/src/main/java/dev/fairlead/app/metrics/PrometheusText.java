package dev.fairlead.app.metrics;

import java.time.Instant;

/**
 * Writes Prometheus' text format 0.0.4: for each metric a {@code HELP} and a {@code TYPE} line,
 * then its samples. Used by one thread.
 */
final class PrometheusText {

  /** How a metric's number is to be read. */
  enum MetricType {
    /** Only grows, from 0 at the start of the process. */
    COUNTER("counter"),
    /** What is now. */
    GAUGE("gauge");

    private final String word;

    MetricType(String word) {
      this.word = word;
    }
  }

  private final StringBuilder text = new StringBuilder(8192);
  private String metric = "";

  /** Begins a metric, whose samples follow. */
  PrometheusText metric(String name, MetricType type, String help) {
    metric = name;
    text.append("# HELP ").append(name).append(' ');
    escape(help, false);
    text.append("\n# TYPE ").append(name).append(' ').append(type.word).append('\n');
    return this;
  }

  /** The number of one metric that has no labels. */
  void single(String name, MetricType type, String help, long value) {
    metric(name, type, help).sample(value);
  }

  /**
   * One sample of the metric that was begun last.
   *
   * @param labels names and values by turns
   */
  PrometheusText sample(long value, String... labels) {
    text.append(metric);
    for (int i = 0; i < labels.length; i += 2) {
      text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      escape(labels[i + 1], true);
      text.append('"');
    }
    text.append(labels.length == 0 ? "" : "}").append(' ').append(value).append('\n');
    return this;
  }

  /** As {@link #sample(long, String...)}, in seconds since 1970. */
  PrometheusText sample(Instant time, String... labels) {
    return sample(time.getEpochSecond(), labels);
  }

  private void escape(String value, boolean quoted) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '"' -> text.append(quoted ? "\\\"" : "\"");
        default -> text.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
