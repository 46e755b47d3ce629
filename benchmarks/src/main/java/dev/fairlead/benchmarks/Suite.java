package dev.fairlead.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * {@code Suite RAW JMH…}: runs every benchmark, and appends what each iteration gave to the raw
 * data of a comparison, in lines of case, proxy, round, metric and value. A wrong result is the end
 * of its benchmark only, with all parameters; then the exit code is 1.
 */
final class Suite {

  private static final String PROXY = "fairlead";
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private Suite() {}

  public static void main(String[] arguments) throws IOException, CommandLineOptionException {
    Path raw = Path.of(arguments[0]);
    Options options = new CommandLineOptions(Arrays.copyOfRange(arguments, 1, arguments.length));
    System.exit(run(options, raw) ? 0 : 1);
  }

  /** Returns whether every benchmark gave its result. */
  static boolean run(Options options, Path raw) throws IOException {
    boolean complete = true;
    for (String benchmark : benchmarks(options)) {
      try {
        for (RunResult result : new Runner(only(benchmark, options)).run()) {
          write(raw, result);
        }
      } catch (RunnerException e) {
        complete = false;
        System.err.println(benchmark + " gave no result");
        e.printStackTrace();
      }
    }
    return complete;
  }

  private static Set<String> benchmarks(Options options) {
    Set<String> benchmarks = new TreeSet<>();
    for (BenchmarkListEntry entry :
        BenchmarkList.defaultList()
            .find(
                OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                options.getIncludes(),
                options.getExcludes())) {
      benchmarks.add(entry.getUsername());
    }
    return benchmarks;
  }

  private static Options only(String benchmark, Options options) {
    return new OptionsBuilder()
        .parent(options)
        .include("^" + benchmark.replace(".", "\\.") + "$")
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .build();
  }

  private static void write(Path raw, RunResult result) throws IOException {
    String name = name(result.getParams());
    List<String> lines = new ArrayList<>();
    int round = 0;
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        round++;
        lines.add(line(name, round, iteration.getPrimaryResult()));
        Result<?> allocated = iteration.getSecondaryResults().get(ALLOCATED);
        if (allocated != null) {
          lines.add(line(name, round, allocated));
        }
      }
    }
    try (BufferedWriter out = Files.newBufferedWriter(raw, StandardOpenOption.APPEND)) {
      for (String line : lines) {
        out.write(line + "\n");
      }
    }
    System.out.printf(
        "  %s: %.1f %s%n",
        name, result.getPrimaryResult().getScore(), result.getPrimaryResult().getScoreUnit());
  }

  private static String line(String name, int round, Result<?> result) {
    return String.join(
        "\t",
        name,
        PROXY,
        Integer.toString(round),
        result.getScoreUnit(),
        Double.toString(result.getScore()));
  }

  /** {@code jmh RouteBenchmark.find routes=10}. */
  private static String name(BenchmarkParams params) {
    String method = params.getBenchmark();
    int type = method.lastIndexOf('.', method.lastIndexOf('.') - 1);
    StringBuilder name = new StringBuilder("jmh ").append(method.substring(type + 1));
    for (String key : new TreeSet<>(params.getParamsKeys())) {
      name.append(' ').append(key).append('=').append(params.getParam(key));
    }
    return name.toString();
  }
}
