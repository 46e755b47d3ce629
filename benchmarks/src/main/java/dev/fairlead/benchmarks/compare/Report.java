package dev.fairlead.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Writes what a comparison found: {@code Report FOLDER} reads {@code raw.tsv}, {@code machine.tsv}
 * and {@code failed.tsv} there, writes {@code report.md} and {@code report.svg}, and prints the
 * goals.
 */
final class Report {

  private static final String EXPLAINED =
      """
      0.90 is nine tenths of what the other takes, the best of those that are named. The proxy had one processor for itself; origin and load shared the other. Figures
      are medians of the rounds, with the least and the most; in each round every proxy had its turn. Absolute
      figures belong to this machine: what carries over are the ratios. Each answer's status and length were
      checked, and one wrong answer put the proxy out of the case.
      """;

  /** Lines of {@code machine.tsv} that say what they are by themselves. */
  private static final Set<String> PLACE = Set.of("date", "machine", "system");

  private Report() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Measurements measurements = Measurements.parse(Files.readAllLines(folder.resolve("raw.tsv")));
    String failures = failures(pairs(folder.resolve("failed.tsv")));
    Files.writeString(folder.resolve("report.svg"), Picture.of(Table.compared(measurements)));
    Files.writeString(
        folder.resolve("report.md"),
        markdown(measurements, pairs(folder.resolve("machine.tsv")), failures));
    System.out.print(Goals.markdown(measurements) + failures);
  }

  // Keys may come twice.
  private static List<String[]> pairs(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(line -> line.split("\t", 2)).toList();
  }

  private static String failures(List<String[]> failed) {
    StringBuilder text = new StringBuilder();
    if (!failed.isEmpty()) {
      text.append("\nFailed, and so not measured in full:\n");
      failed.forEach(pair -> text.append("- %s: %s\n".formatted(pair[0], pair[1])));
    }
    return text.toString();
  }

  private static String markdown(
      Measurements measurements, List<String[]> machine, String failures) {
    StringBuilder text = new StringBuilder("# Fairlead beside nginx, HAProxy and Caddy\n\n");
    for (String[] pair : machine) {
      String key = PLACE.contains(pair[0]) ? "" : Table.name(pair[0]) + " ";
      text.append("- ").append(key).append(pair[1]).append('\n');
    }
    return text.append("\n## Goals\n\n")
        .append(Goals.markdown(measurements))
        .append(failures)
        .append('\n')
        .append(EXPLAINED)
        .append("\n![costs as a picture](report.svg)\n\n## Beside the others\n\n")
        .append(Table.compared(measurements).markdown())
        .append("\n## Alone\n\n")
        .append(Table.alone(measurements).markdown())
        .toString();
  }
}
