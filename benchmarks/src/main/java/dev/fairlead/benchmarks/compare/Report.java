package dev.fairlead.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Writes what a comparison found: {@code Report FOLDER} reads {@code raw.tsv} and {@code
 * machine.tsv} there, writes {@code report.md} and {@code report.svg}, and prints the table.
 */
final class Report {

  private static final String EXPLAINED =
      """
      The proxy had one processor for itself; origin and load shared the other. Figures are medians of the
      rounds, with the least and the most; in each round every proxy had its turn. Absolute figures belong to
      this machine: what carries over are the ratios. Each answer's status and length were checked, and one
      wrong answer would have been the end of its case.
      """;

  /** Lines of {@code machine.tsv} that say what they are by themselves; the others are versions. */
  private static final Set<String> PLACE = Set.of("date", "machine", "system");

  private Report() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Table table = new Table(Measurements.parse(Files.readAllLines(folder.resolve("raw.tsv"))));
    Map<String, String> machine = new LinkedHashMap<>();
    for (String line : Files.readAllLines(folder.resolve("machine.tsv"))) {
      String[] pair = line.split("\t", 2);
      machine.put(pair[0], pair[1]);
    }
    Files.writeString(folder.resolve("report.svg"), Picture.of(table));
    Files.writeString(folder.resolve("report.md"), markdown(table, machine));
    System.out.print(table.markdown());
  }

  static String markdown(Table table, Map<String, String> machine) {
    StringBuilder text = new StringBuilder("# Fairlead beside nginx, HAProxy and Caddy\n\n");
    machine.forEach(
        (key, value) ->
            text.append(PLACE.contains(key) ? "- " : "- " + Table.name(key) + " ")
                .append(value)
                .append('\n'));
    return text.append('\n')
        .append(EXPLAINED)
        .append("\n![the same as a picture](report.svg)\n\n")
        .append(table.markdown())
        .toString();
  }
}
