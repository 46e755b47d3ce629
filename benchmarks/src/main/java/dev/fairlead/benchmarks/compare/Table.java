package dev.fairlead.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The report as a table in Markdown: medians with least and most, and what they are to Fairlead.
 */
final class Table {

  static final String OURS = "fairlead";

  private static final Map<String, String> NAMES =
      Map.of(
          OURS,
          "Fairlead",
          "haproxy",
          "HAProxy",
          "caddy",
          "Caddy",
          "openssl",
          "OpenSSL",
          "nginx-large",
          "nginx with large buffers",
          "haproxy-large",
          "HAProxy with large buffers");

  private final Measurements measurements;
  private final List<String> columns;
  private final List<Row> rows;

  private Table(Measurements measurements, List<Row> rows, List<String> columns) {
    this.measurements = measurements;
    this.columns = columns;
    this.rows = rows.stream().filter(this::isMeasured).toList();
  }

  /** What several proxies did. */
  static Table compared(Measurements measurements) {
    return new Table(
        measurements,
        Row.compared(),
        measurements.proxies().stream().filter(Table::isColumn).toList());
  }

  /** What Fairlead did alone. */
  static Table alone(Measurements measurements) {
    return new Table(measurements, Row.alone(measurements), List.of(OURS));
  }

  private static boolean isColumn(String proxy) {
    return !proxy.endsWith("-large") && !proxy.endsWith("-log");
  }

  List<String> columns() {
    return columns;
  }

  static String name(String proxy) {
    return NAMES.getOrDefault(proxy, proxy);
  }

  /** Rows for which something other than Fairlead's own figure was measured, or only that one. */
  List<Row> rows() {
    return rows;
  }

  private boolean isMeasured(Row row) {
    return columns.stream()
        .filter(column -> row.suffix().isEmpty() || !row.proxy(column).equals(column))
        .anyMatch(column -> spread(row, column).isPresent());
  }

  Optional<Spread> spread(Row row, String column) {
    return measurements
        .find(row.benchmark(), row.proxy(column), row.metric())
        .map(spread -> spread.scaledBy(row.factor()));
  }

  /** Fairlead's median through the other's; below 1 Fairlead has the smaller figure. */
  Optional<Double> ratio(Row row, String column) {
    Optional<Spread> ours = spread(row, OURS);
    Optional<Spread> theirs = spread(row, column).filter(spread -> spread.median() > 0);
    return ours.flatMap(o -> theirs.map(t -> o.median() / t.median()));
  }

  static String ratioText(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  String markdown() {
    List<String> lines = new ArrayList<>();
    List<String> others = columns.stream().filter(column -> !column.equals(OURS)).toList();
    List<String> header = new ArrayList<>(List.of("case", "measured"));
    others.forEach(column -> header.add("Fairlead ÷ " + name(column)));
    columns.forEach(column -> header.add(name(column)));
    lines.add(line(header));
    lines.add("| --- | --- |" + " ---: |".repeat(header.size() - 2));
    for (Row row : rows) {
      List<String> cells = new ArrayList<>(List.of(row.title(), row.measure()));
      others.forEach(column -> cells.add(ratio(row, column).map(Table::ratioText).orElse("–")));
      columns.forEach(column -> cells.add(spread(row, column).map(Spread::toString).orElse("–")));
      lines.add(line(cells));
    }
    return String.join("\n", lines) + "\n";
  }

  static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
