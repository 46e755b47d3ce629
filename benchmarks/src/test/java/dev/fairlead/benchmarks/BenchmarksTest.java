package dev.fairlead.benchmarks;

import static java.util.Map.entry;
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
            Map.ofEntries(
                entry("RouteBenchmark.find", 3L),
                entry("RouteBenchmark.findNewHost", 3L),
                entry("BalancerBenchmark.byOneThread", 8L),
                entry("BalancerBenchmark.byTwoThreads", 8L),
                entry("BalancerBenchmark.countedByTwoThreads", 8L),
                entry("CertificateBenchmark.exact", 3L),
                entry("CertificateBenchmark.wildcard", 3L),
                entry("FieldRulesBenchmark.read", 1L),
                entry("FieldRulesBenchmark.requestOfBrowser", 1L),
                entry("FieldRulesBenchmark.requestOfPretender", 1L),
                entry("FieldRulesBenchmark.response", 1L),
                entry("HpackBenchmark.decodeFirst", 1L),
                entry("HpackBenchmark.decodeLater", 1L),
                entry("HpackBenchmark.encode", 1L),
                entry("SnapshotBenchmark.first", 1L),
                entry("SnapshotBenchmark.oneTaskChanged", 1L),
                entry("RequestRulesBenchmark.check", 2L)));
  }
}
