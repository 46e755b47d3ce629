package dev.fairlead.conformance.fuzzing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fuzzes one target for a while with Jazzer, in a JVM of its own: its agent changes classes, and
 * its driver ends the process.
 *
 * @param corpus where inputs that reached something new are kept for the next run; beside it lies
 *     what the fuzzer said
 * @param found where inputs that are findings go
 */
record FuzzRun(Target target, Seeds seeds, Path corpus, Path found) {

  /** An input that takes longer hangs; on a busy machine the first one takes some seconds. */
  private static final Duration LONGEST_INPUT = Duration.ofSeconds(30);

  /** What is begun when the time is over, and the start, may take so long on a busy machine. */
  private static final Duration SPARE = Duration.ofMinutes(2);

  /** Up to here the better compiler takes more than it gives. */
  private static final Duration SHORT = Duration.ofSeconds(20);

  /** Of chance. A short run is a test: it begins with the same inputs wherever it runs. */
  private static final int SAME_EVERY_TIME = 1;

  /**
   * Detectors of what the data plane has nothing to do with, which take a second at each start.
   * That for expressions stays: it tells how near a text is to what one matches.
   */
  private static final List<String> NOT_WANTED =
      List.of(
          "BigDecimal",
          "ClojureLangHooks",
          "Deserialization",
          "ExpressionLanguageInjection",
          "FilePathTraversal",
          "LdapInjection",
          "NamingContextLookup",
          "OsCommandInjection",
          "ReflectiveCall",
          "RegexInjection",
          "ScriptEngineInjection",
          "ServerSideRequestForgery",
          "SqlInjection",
          "TemplateInjection",
          "UnsafeSanitizer",
          "XPathInjection",
          "XmlParserSsrfGuidance");

  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units: *([0-9]+)");

  private static final Pattern FINDING = Pattern.compile("Test unit written to (.+)");

  /**
   * What came of it.
   *
   * @param executions inputs that were tried, seeds included
   * @param findings files with inputs that break what must hold; at most one, as the first ends the
   *     run
   * @param log what the fuzzer said
   */
  record Outcome(long executions, List<Path> findings, Path log) {

    /** What the fuzzer said of the finding. */
    String report() throws IOException {
      String text = Files.readString(log);
      int begin = text.indexOf("\n== ");
      return text.substring(Math.max(0, begin)).strip();
    }
  }

  /**
   * Runs it to the end.
   *
   * @throws IOException when the fuzzer ended in a way that is neither
   */
  Outcome run(Duration time) throws IOException, InterruptedException {
    Files.createDirectories(corpus);
    Files.createDirectories(found);
    Path log = Files.createDirectories(workFolder()).resolve("log");
    Process process =
        new ProcessBuilder(command(time))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(time.plus(SPARE))) {
        throw new IOException("%s did not end, see %s".formatted(target, log));
      }
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(log);
    List<Path> findings =
        FINDING.matcher(said).results().map(one -> Path.of(one.group(1))).toList();
    if (process.exitValue() != 0 && findings.isEmpty()) {
      throw new IOException("%s ended with %d:%n%s".formatted(target, process.exitValue(), said));
    }
    return new Outcome(executions(said), findings, log);
  }

  private List<String> command(Duration time) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (isShort(time)) {
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-XX:+EnableDynamicAgentLoading",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            // Buffers are counted by the targets themselves.
            "-Dio.netty.leakDetection.level=disabled",
            "-Dslf4j.internal.verbosity=ERROR",
            "-cp",
            classPath(),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target.fuzzer().getName(),
            "--instrumentation_includes=dev.fairlead.**",
            // Of how words resemble each other there is nothing to learn, only much to count.
            "--instrumentation_excludes=dev.fairlead.conformance.**:dev.fairlead.config.schema.Spelling",
            "--custom_hook_includes=dev.fairlead.**",
            "--disabled_hooks=" + notWanted(),
            // Programs in Java that we have no use for: the input is enough.
            "--reproducer_path=" + workFolder(),
            "-artifact_prefix=" + found + File.separator + "found-",
            "-max_total_time=" + Math.max(1, time.toSeconds()),
            "-timeout=" + LONGEST_INPUT.toSeconds(),
            "-print_final_stats=1"));
    if (isShort(time)) {
      command.add("-seed=" + SAME_EVERY_TIME);
    }
    if (Files.exists(seeds.dictionary(target))) {
      command.add("-dict=" + seeds.dictionary(target));
    }
    command.add(corpus.toString());
    command.add(seeds.folder(target).toString());
    return command;
  }

  private static boolean isShort(Duration time) {
    return time.compareTo(SHORT) < 0;
  }

  private static String notWanted() {
    return NOT_WANTED.stream()
        .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
        .collect(Collectors.joining(":"));
  }

  // Without the log's library: the fuzzer would learn the words of its patterns.
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.contains("logback"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static long executions(String said) {
    return EXECUTIONS
        .matcher(said)
        .results()
        .map((MatchResult one) -> Long.parseLong(one.group(1)))
        .reduce(0L, (one, other) -> other);
  }

  private Path workFolder() {
    return corpus.resolveSibling(target + "-run");
  }
}
