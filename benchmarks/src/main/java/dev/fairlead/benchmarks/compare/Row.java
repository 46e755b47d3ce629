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
 * @param suffix which nginx and HAProxy are meant: {@code -large} for those with larger buffers
 */
record Row(
    String title, String measure, String benchmark, String metric, double factor, String suffix) {

  private static final String CPU = "cpu_us";

  /** All rows there can be, in their order. */
  static List<Row> all() {
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
    return column.equals("nginx") || column.equals("haproxy") ? column + suffix : column;
  }
}
