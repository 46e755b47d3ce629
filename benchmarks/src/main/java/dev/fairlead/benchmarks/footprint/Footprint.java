package dev.fairlead.benchmarks.footprint;

import dev.fairlead.training.Bed;
import dev.fairlead.training.Visitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a process of Fairlead costs beside its work: {@code Footprint CASE COUNT JAVA…}, with the
 * command up to Fairlead's own arguments. Prints lines of case, proxy, round, metric and value as
 * they come, which are raw data of a comparison.
 */
final class Footprint {

  private static final int FEW_SERVICES = 10;
  private static final int STORED = 100;
  private static final int MANY_SERVICES = 1000;
  private static final int IDLE_PARTS = 3;

  /** As long as it looks for changes more often than later. */
  private static final Duration SETTLING = Duration.ofSeconds(15);

  /** As in the image's health check. */
  private static final List<String> HEALTH_FLAGS =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-XX:-UsePerfData");

  private final String name;
  private final int count;
  private final List<String> java;

  private Footprint(String name, int count, List<String> java) {
    this.name = name;
    this.count = count;
    this.java = java;
  }

  public static void main(String[] args) throws Exception {
    List<String> java = Arrays.asList(args).subList(2, args.length);
    int count = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "start" -> new Footprint("start", count, java).start();
      case "health" -> new Footprint("health", count, java).health();
      case "idle" -> new Footprint("idle-swarm", count, java).idle();
      default ->
          throw new IllegalArgumentException(
              "case: " + args[0] + " (expected: start, health or idle)");
    }
    System.exit(0); // the app of the bed has threads of its own
  }

  /** So many starts, with 100 stored certificates. */
  private void start() throws IOException, GeneralSecurityException, InterruptedException {
    try (Bed bed = Bed.of(STORED)) {
      Visitor visitor = new Visitor(bed);
      // the first makes the local CA, and warms up the visitor
      for (int i = 0; i <= count; i++) {
        try (Running proxy = Running.start(bed, visitor, java)) {
          if (i > 0) {
            say(i, "first_answer_ms", proxy.firstAnswer().toNanos() / 1e6);
            say(i, "cpu_ms", proxy.proc().cpu().toMillis());
            say(i, "pss_kib", proxy.proc().pssKib());
          }
        } catch (IOException e) {
          throw new IOException(Files.readString(bed.log()), e);
        }
      }
    }
  }

  /** So many of the probes that the engine makes every ten seconds. */
  private void health() throws IOException, GeneralSecurityException, InterruptedException {
    List<String> probe = new ArrayList<>(List.of(java.getFirst()));
    probe.addAll(HEALTH_FLAGS);
    probe.addAll(java.subList(java.indexOf("-jar"), java.size()));
    // times(1p) says what the probe took
    List<String> measured =
        new ArrayList<>(List.of("/bin/sh", "-c", "\"$@\"; c=$?; times; exit $c", "sh"));
    measured.addAll(probe);
    try (Bed bed = Bed.of(FEW_SERVICES);
        Running proxy = Running.start(bed, new Visitor(bed), java)) {
      for (int i = 0; i <= count; i++) {
        long begin = System.nanoTime();
        Process process =
            bed.process(measured, "health").redirectOutput(ProcessBuilder.Redirect.PIPE).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0 || !proxy.process().isAlive()) {
          throw new IOException("health: " + code + " " + said);
        }
        if (i > 0) {
          say(i, "took_ms", (System.nanoTime() - begin) / 1e6);
          say(i, "cpu_ms", childrensMillis(said));
        }
      }
    }
  }

  // The last line is of the children: 0m0.120000s 0m0.030000s
  private static double childrensMillis(String said) {
    double sum = 0;
    for (String time : said.strip().lines().toList().getLast().split(" ", -1)) {
      String[] parts = time.replace("s", "").split("m", -1);
      sum += 60 * Double.parseDouble(parts[0]) + Double.parseDouble(parts[1]);
    }
    return sum * 1000;
  }

  /** So many seconds of nothing, with 1,000 services that the engine is asked for. */
  private void idle() throws IOException, GeneralSecurityException, InterruptedException {
    try (Bed bed = Bed.of(MANY_SERVICES);
        Running proxy = Running.start(bed, new Visitor(bed), java)) {
      say(0, "first_answer_ms", proxy.firstAnswer().toNanos() / 1e6);
      TimeUnit.NANOSECONDS.sleep(SETTLING.toNanos());
      for (int part = 1; part <= IDLE_PARTS; part++) {
        long begin = System.nanoTime();
        Duration before = proxy.proc().cpu();
        TimeUnit.MILLISECONDS.sleep(count * 1000L / IDLE_PARTS);
        double used = proxy.proc().cpu().minus(before).toNanos();
        say(part, "cpu_percent", 100 * used / (System.nanoTime() - begin));
        say(part, "pss_kib", proxy.proc().pssKib());
      }
    }
  }

  private void say(int round, String metric, Number value) {
    System.out.printf(
        Locale.ROOT, "%s\tfairlead\t%d\t%s\t%.3f%n", name, round, metric, value.doubleValue());
  }
}
