package dev.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs everything once, in this JVM: whether it works, not how fast it is. */
class BenchmarksTest {

  @Test
  void everyBenchmarkRunsWithEveryParameterAndFindsItsResultRight() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .mode(Mode.SingleShotTime)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    Map<String, Long> runs =
        results.stream()
            .map(result -> result.getParams().getBenchmark())
            .collect(
                Collectors.groupingBy(
                    name -> name.substring(BenchmarksTest.class.getPackageName().length() + 1),
                    TreeMap::new,
                    Collectors.counting()));
    assertThat(runs)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "RouteBenchmark.find", 3L,
                "BalancerBenchmark.byOneThread", 4L,
                "BalancerBenchmark.byTwoThreads", 4L,
                "SnapshotBenchmark.first", 1L,
                "SnapshotBenchmark.oneTaskChanged", 1L,
                "RequestRulesBenchmark.check", 2L));
  }
}
