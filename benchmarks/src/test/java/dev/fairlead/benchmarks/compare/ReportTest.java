package dev.fairlead.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  private static final List<String> RAW =
      List.of(
          "h1\tfairlead\t1\tcpu_us\t10.0",
          "h1\tnginx\t1\tcpu_us\t20.0",
          "h1\tfairlead\t2\tcpu_us\t12.0",
          "h1\tnginx\t2\tcpu_us\t22.0",
          "h1\tfairlead\t3\tcpu_us\t50.0",
          "h1\tnginx\t3\tcpu_us\t24.0",
          "down-100m\tfairlead\t1\tcpu_us\t80000",
          "down-100m\tnginx\t1\tcpu_us\t160000",
          "down-100m\tnginx-large\t1\tcpu_us\t40000",
          "h1-log\tfairlead-log\t1\tcpu_us\t14",
          "h1-log\tnginx-log\t1\tcpu_us\t28",
          "start\tfairlead\t1\tfirst_answer_ms\t601",
          "jmh RouteBenchmark.find routes=100000\tfairlead\t1\tns/op\t80.5",
          "jmh RouteBenchmark.find routes=100000\tfairlead\t1\tB/op\t0.001");

  private static Table table() {
    return Table.compared(Measurements.parse(RAW));
  }

  @Test
  void aCellIsTheMedianWithTheLeastAndTheMost() {
    assertThat(table().markdown())
        .contains(
            "| case | measured | Fairlead ÷ nginx | Fairlead | nginx |\n"
                + "| --- | --- | ---: | ---: | ---: |\n"
                + "| plain HTTP/1.1, 1 KiB | CPU-µs per request | 0.55 | 12.0 (10.0–50.0)"
                + " | 22.0 (20.0–24.0) |\n");
  }

  @Test
  void largerBuffersAreARowOfTheirOwnBesideTheSameFairlead() {
    assertThat(table().markdown())
        .contains("| 100 MB down, plain | CPU-ms per body | 0.50 | 80.0 | 160 |\n")
        .contains(
            "| 100 MB down, plain, nginx and HAProxy with larger buffers | CPU-ms per body"
                + " | 2.00 | 80.0 | 40.0 |\n");
  }

  @Test
  void proxiesWithAnAccessLogAreARowOfTheirOwn() {
    assertThat(table().columns()).containsExactly("fairlead", "nginx");
    assertThat(table().markdown())
        .contains(
            "| plain HTTP/1.1, 1 KiB, access log on | CPU-µs per request | 0.50 | 14.0 | 28.0 |\n");
  }

  @Test
  void singlePartsHaveRowsWithoutOthers() {
    assertThat(Table.alone(Measurements.parse(RAW)).markdown())
        .contains("| case | measured | Fairlead |\n")
        .contains("| RouteBenchmark.find routes=100000 | ns/op | 80.5 |\n");
  }

  @Test
  void whatWasNotMeasuredHasNoRow() {
    assertThat(table().markdown()).doesNotContain("requests/s", "HTTP/2", "Caddy");
  }

  @Test
  void thePictureHasABarForEachCost() {
    String svg = Picture.of(table());
    assertThat(svg).contains("plain HTTP/1.1, 1 KiB", ">1.83</text>", ">2.00</text>");
    assertThat(svg).doesNotContain("null");
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
    assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 100.0))).isEqualTo(new Spread(3.5, 1, 100));
  }

  @Test
  void aLineThatIsNoMeasurementIsNamed() {
    assertThatThrownBy(() -> Measurements.parse(List.of("h1\tfairlead\t1\tcpu_us\tmany")))
        .hasMessageContaining("cpu_us\tmany (expected: ");
    assertThatThrownBy(() -> Measurements.parse(List.of("h1")))
        .hasMessageStartingWith("h1 (expected: ");
  }

  @Test
  void bothFilesAreWrittenWithMachineAndVersions(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("raw.tsv"), RAW);
    Files.writeString(folder.resolve("machine.tsv"), "date\t2026-01-02\nnginx\t1.22.1\n");
    Files.writeString(folder.resolve("failed.tsv"), "h2, caddy\twrong results\nh2, nginx\tended\n");
    Report.main(new String[] {folder.toString()});
    assertThat(folder.resolve("report.md"))
        .content()
        .contains("- 2026-01-02\n", "- nginx 1.22.1\n", "12.0 (10.0–50.0)", "- h2, nginx: ended\n")
        .doesNotContain("null");
    assertThat(folder.resolve("report.svg")).content().startsWith("<svg").endsWith("</svg>\n");
  }
}
