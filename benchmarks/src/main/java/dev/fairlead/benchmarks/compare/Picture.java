package dev.fairlead.benchmarks.compare;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The costs of the report as a picture: bars, for each case relative to Fairlead's. */
final class Picture {

  private static final int LABELS = 330;
  private static final int BARS = 480;
  private static final int WIDTH = LABELS + BARS + 70;
  private static final int BAR = 11;
  private static final int GAP = 12;
  private static final int TOP = 56;

  /** A bar that would be longer ends here, and only its number tells. */
  private static final double MOST = 4;

  private static final List<String> COLOURS =
      List.of("#0b6e4f", "#8fa3b0", "#b8c4cc", "#d5b48c", "#9c89b8", "#c98686");

  private final Table table;
  private final StringBuilder svg = new StringBuilder();

  private Picture(Table table) {
    this.table = table;
  }

  static String of(Table table) {
    return new Picture(table).draw();
  }

  private String draw() {
    List<Row> rows =
        table.rows().stream()
            .filter(row -> row.isCost() && table.spread(row, Table.OURS).isPresent())
            .toList();
    int group = table.columns().size() * BAR + GAP;
    int height = TOP + rows.size() * group + GAP;
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d'"
            + " font-family='sans-serif' font-size='12'>",
        WIDTH, height, WIDTH, height);
    add("<rect width='%d' height='%d' fill='#ffffff'/>", WIDTH, height);
    add(
        "<text x='12' y='22' font-size='15'>Processor time of the proxy for the same work,"
            + " Fairlead = 1 (shorter is better)</text>");
    legend();
    int y = TOP;
    for (Row row : rows) {
      add("<text x='%d' y='%d' text-anchor='end'>%s</text>", LABELS - 8, y + BAR, row.title());
      bars(row, y);
      y += group;
    }
    int one = LABELS + (int) (BARS / MOST);
    add(
        "<line x1='%d' y1='%d' x2='%d' y2='%d' stroke='#444444' stroke-dasharray='3 3'/>",
        one, TOP - 4, one, height - GAP);
    add("</svg>");
    return svg.toString();
  }

  private void legend() {
    int x = LABELS;
    for (String column : table.columns()) {
      add("<rect x='%d' y='32' width='10' height='10' fill='%s'/>", x, colour(column));
      add("<text x='%d' y='41'>%s</text>", x + 14, Table.name(column));
      x += 100;
    }
  }

  private void bars(Row row, int top) {
    int y = top;
    for (String column : table.columns()) {
      Optional<Double> ratio = table.ratio(row, column).map(ours -> 1 / ours);
      if (ratio.isPresent()) {
        int length = (int) Math.round(Math.min(ratio.get(), MOST) * BARS / MOST);
        add(
            "<rect x='%d' y='%d' width='%d' height='%d' fill='%s'/>",
            LABELS, y, length, BAR - 1, colour(column));
        add(
            "<text x='%d' y='%d' font-size='10'>%.2f</text>",
            LABELS + length + 4, y + BAR - 2, ratio.get());
      }
      y += BAR;
    }
  }

  private String colour(String column) {
    return COLOURS.get(table.columns().indexOf(column) % COLOURS.size());
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
