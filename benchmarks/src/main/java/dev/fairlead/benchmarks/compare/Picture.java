package dev.fairlead.benchmarks.compare;

import java.util.List;
import java.util.Optional;

/** The costs of the report as a picture: bars, for each case relative to Fairlead's. */
final class Picture {

  private static final String TITLE =
      "Processor time of the proxy for the same work, Fairlead = 1 (shorter is better)";

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
    String opening =
        """
        <svg xmlns='http://www.w3.org/2000/svg' width='%1$d' height='%2$d' viewBox='0 0 %1$d %2$d' \
        font-family='sans-serif' font-size='12'>
        <rect width='%1$d' height='%2$d' fill='#ffffff'/>
        """;
    svg.append(opening.formatted(WIDTH, height));
    text(12, 22, "font-size='15'", TITLE);
    legend();
    int y = TOP;
    for (Row row : rows) {
      text(LABELS - 8, y + BAR, "text-anchor='end'", row.title());
      bars(row, y);
      y += group;
    }
    int one = LABELS + (int) (BARS / MOST);
    svg.append(
        "<line x1='%1$d' y1='%2$d' x2='%1$d' y2='%3$d' stroke='#444444' stroke-dasharray='3 3'/>\n"
            .formatted(one, TOP - 4, height - GAP));
    return svg.append("</svg>\n").toString();
  }

  private void legend() {
    int x = LABELS;
    for (String column : table.columns()) {
      bar(x, 32, 10, column);
      text(x + 14, 41, "", Table.name(column));
      x += 100;
    }
  }

  private void bars(Row row, int top) {
    int y = top;
    for (String column : table.columns()) {
      Optional<Double> ratio = table.ratio(row, column).map(ours -> 1 / ours);
      if (ratio.isPresent()) {
        int length = (int) Math.round(Math.min(ratio.get(), MOST) * BARS / MOST);
        bar(LABELS, y, length, column);
        text(LABELS + length + 4, y + BAR - 2, "font-size='10'", Table.ratioText(ratio.get()));
      }
      y += BAR;
    }
  }

  private void bar(int x, int y, int length, String column) {
    svg.append(
        "<rect x='%d' y='%d' width='%d' height='%d' fill='%s'/>\n"
            .formatted(x, y, length, BAR - 1, colour(column)));
  }

  private void text(int x, int y, String style, String text) {
    svg.append("<text x='%d' y='%d' %s>%s</text>\n".formatted(x, y, style, text));
  }

  private String colour(String column) {
    return COLOURS.get(table.columns().indexOf(column) % COLOURS.size());
  }
}
