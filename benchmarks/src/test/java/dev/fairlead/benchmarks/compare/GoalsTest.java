package dev.fairlead.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoalsTest {

  @Test
  void aRatioIsToTheBetterOfTheOthers() {
    assertThat(goals("h1 fairlead cpu_us 9.4", "h1 nginx cpu_us 10", "h1 haproxy cpu_us 9.5"))
        .contains(
            "| plain HTTP/1.1, 1 KiB: CPU | nginx, HAProxy | 0.99 (HAProxy) | ≤ 1.00 | met |\n");
  }

  @Test
  void bodiesAreComparedWithLargerBuffersToo() {
    assertThat(
            goals(
                "down-100m fairlead cpu_us 80",
                "down-100m nginx cpu_us 100",
                "down-100m haproxy cpu_us 100",
                "down-100m nginx-large cpu_us 50",
                "down-100m haproxy-large cpu_us 90"))
        .contains(
            " nginx with large buffers, HAProxy with large buffers"
                + " | 1.60 (nginx with large buffers) | ≤ 1.05 | missed |\n");
  }

  @Test
  void withoutOneOfTheOthersNobodyKnowsTheBetter() {
    assertThat(goals("h1 fairlead cpu_us 9", "h1 nginx cpu_us 10"))
        .contains("| plain HTTP/1.1, 1 KiB: CPU | nginx, HAProxy | – | ≤ 1.00 | not measured |\n");
    assertThat(goals("h1 fairlead cpu_us 9", "h1 nginx cpu_us 10", "h1 haproxy cpu_us 0"))
        .contains("| plain HTTP/1.1, 1 KiB: CPU | nginx, HAProxy | – | ≤ 1.00 | not measured |\n");
  }

  @Test
  void aLimitOfItsOwnIsMetUpToWhatIsShown() {
    assertThat(goals("start fairlead first_answer_ms 600"))
        .contains("| start, 100 certificates |  | 600 ms | ≤ 600 ms | met |\n");
    assertThat(goals("start fairlead first_answer_ms 601"))
        .contains("| start, 100 certificates |  | 601 ms | ≤ 600 ms | missed |\n");
  }

  @Test
  void aThousandthOfAByteIsTheHarnessesOwnAndOneByteIsNot() {
    String part = "jmh_RouteBenchmark.find_routes=100000 fairlead B/op ";
    assertThat(goals(part + "0.001")).contains("allocated |  | 0.00 B | ≤ 0 B | met |\n");
    assertThat(goals(part + "1")).contains("allocated |  | 1.00 B | ≤ 0 B | missed |\n");
  }

  @Test
  void unitsAreTurnedIntoThoseOfTheLimit() {
    assertThat(goals("idle-swarm fairlead pss_kib 92160"))
        .contains("| memory, idle, 1,000 services |  | 90.0 MiB | ≤ 100 MiB | met |\n");
  }

  @Test
  void withoutAnyMeasurementThereIsATableStill() {
    assertThat(goals().lines()).hasSize(Goals.all().size() + 2);
  }

  // case proxy metric value, with underscores for spaces of the case
  private static String goals(String... lines) {
    List<String> raw =
        Arrays.stream(lines)
            .map(line -> line.split(" ", -1))
            .map(f -> String.join("\t", f[0].replace('_', ' '), f[1], "1", f[2], f[3]))
            .toList();
    return Goals.markdown(Measurements.parse(raw));
  }
}
