package dev.fairlead.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * A row of the report.
 *
 * @param title what was done
 * @param measure what is counted, with its unit
 * @param benchmark the case in the raw data
 * @param metric in the raw data
 * @param factor from the raw data's unit to the report's
 * @param suffix which ones are meant: {@code -large} for nginx and HAProxy with larger buffers,
 *     {@code -log} for all with an access log
 */
record Row(
    String title, String measure, String benchmark, String metric, double factor, String suffix) {

  /** How benchmarks of single parts begin in the raw data. */
  private static final String PARTS = "jmh ";

  private static final String CPU = "cpu_us";
  private static final String FIRST = "first_answer_ms";

  private static final String WITH_LOG = "plain HTTP/1.1, 1 KiB, access log on";
  private static final String START = "start, 100 stored certificates";
  private static final String FIRST_ANSWER = "ms to the first answer by TLS";
  private static final String FULL_SPEED = "full load after a start, until 90 % of full speed";
  private static final String IDLE = "idle, 1,000 services of an engine";

  /** All rows there can be of what several proxies did, in their order. */
  static List<Row> compared() {
    List<Row> rows = new ArrayList<>();
    addRequests(rows, "h1", "plain HTTP/1.1, 1 KiB");
    addRequests(rows, "tls", "TLS, HTTP/1.1, 1 KiB");
    addRequests(rows, "h2", "TLS, HTTP/2, 1 KiB");
    addRequests(rows, "connect", "new TLS 1.3 connection for each request");
    for (String way : List.of("down", "up")) {
      addBodies(rows, way + "-100k", "100 KiB " + way, "µs", 1);
      addBodies(rows, way + "-100m", "100 MB " + way, "ms", 1e-3);
    }
    rows.add(new Row("WebSocket in TLS, 96 B", "CPU-µs per echo", "websocket", CPU, 1, ""));
    rows.add(new Row(WITH_LOG, "CPU-µs per request", "h1-log", CPU, 1, "-log"));
    rows.add(new Row(WITH_LOG, "% of the requests in it", "h1-log", "logged", 1, "-log"));
    addRequests(rows, "services", "1,000 services of 3 tasks, plain HTTP/1.1, 1 KiB");
    rows.add(memory("1,000 services of 3 tasks, before the first request", "services", "idle_kib"));
    rows.add(memory("one service, before the first request", "idle", "idle_kib"));
    rows.add(memory("10,000 idle TLS connections", "idle", "pss_kib"));
    rows.add(new Row("10,000 idle TLS connections", "KiB each", "idle", "each_kib", 1, ""));
    addLatencies(rows, "rate-h1", "plain HTTP/1.1, fixed rate");
    addLatencies(rows, "rate-tls", "TLS, HTTP/1.1, fixed rate");
    addLatencies(rows, "rate-h2", "TLS, HTTP/2, fixed rate");
    return List.copyOf(rows);
  }

  /** What Fairlead is measured in alone. */
  static List<Row> alone(Measurements measurements) {
    List<Row> rows = new ArrayList<>();
    rows.add(new Row(START, FIRST_ANSWER, "start", FIRST, 1, ""));
    rows.add(new Row(START, "CPU-ms", "start", "cpu_ms", 1, ""));
    rows.add(memory(START, "start", "pss_kib"));
    rows.add(new Row(FULL_SPEED, "s", "h1", "full_speed_s", 1, ""));
    rows.add(memory(IDLE, "idle-swarm", "pss_kib"));
    rows.add(new Row(IDLE, "% of a processor", "idle-swarm", "cpu_percent", 1, ""));
    rows.add(new Row("start, 1,000 stored certificates", FIRST_ANSWER, "idle-swarm", FIRST, 1, ""));
    rows.add(new Row("health check", "ms", "health", "took_ms", 1, ""));
    rows.add(new Row("health check", "CPU-ms", "health", "cpu_ms", 1, ""));
    for (String part : measurements.benchmarks(PARTS)) {
      String title = part.substring(PARTS.length());
      for (String unit : List.of("ns/op", "us/op", "B/op")) {
        rows.add(new Row(title, unit, part, unit, 1, ""));
      }
    }
    return List.copyOf(rows);
  }

  private static void addRequests(List<Row> rows, String benchmark, String title) {
    rows.add(new Row(title, "CPU-µs per request", benchmark, CPU, 1, ""));
    rows.add(new Row(title, "requests/s", benchmark, "per_second", 1, ""));
    rows.add(memory(title + ", after it", benchmark, "pss_kib"));
  }

  private static Row memory(String title, String benchmark, String metric) {
    return new Row(title, "PSS, MiB", benchmark, metric, 1 / 1024.0, "");
  }

  private static void addBodies(
      List<Row> rows, String benchmark, String title, String unit, double factor) {
    for (String tls : List.of("", "-tls")) {
      String name = title + (tls.isEmpty() ? ", plain" : ", TLS");
      String measure = "CPU-" + unit + " per body";
      rows.add(new Row(name, measure, benchmark + tls, CPU, factor, ""));
      rows.add(
          new Row(
              name + ", nginx and HAProxy with larger buffers",
              measure,
              benchmark + tls,
              CPU,
              factor,
              "-large"));
    }
  }

  private static void addLatencies(List<Row> rows, String benchmark, String title) {
    rows.add(new Row(title, "p50, ms", benchmark, "p50_us", 1e-3, ""));
    rows.add(new Row(title, "p99, ms", benchmark, "p99_us", 1e-3, ""));
    rows.add(new Row(title, "p99.9, ms", benchmark, "p999_us", 1e-3, ""));
  }

  /** Whether this is the cost of something, which the picture shows. */
  boolean isCost() {
    return metric.equals(CPU);
  }

  /** The proxy of the raw data that stands in a column. */
  String proxy(String column) {
    boolean meant = !suffix.equals("-large") || column.equals("nginx") || column.equals("haproxy");
    return meant ? column + suffix : column;
  }
}
