package dev.fairlead.conformance.growth;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A {@link ProxyProcess}, and what it is asked. For one thread. */
final class Proxy implements AutoCloseable {

  private final Process process;
  private final Path log;
  private final Writer questions;
  private final BufferedReader answers;

  private Proxy(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.questions = process.outputWriter(StandardCharsets.US_ASCII);
    this.answers = process.inputReader(StandardCharsets.US_ASCII);
  }

  /**
   * Starts it with the memory that it has in production.
   *
   * @param folder for its log
   * @param leaks which buffers Netty's leak detector looks at
   * @param ids how many requests will have an id
   */
  static Proxy start(Path folder, String leaks, Routes routes, int ids) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            // As fairlead.jvm says; the limits are those of a machine with 640 MB.
            "-XX:+UseSerialGC",
            // What only caches hold does not count: the JDK keeps certificates for minutes.
            "-XX:SoftRefLRUPolicyMSPerMB=0",
            // Nor do the dead: by default a twentieth of the old generation may stay, 12 MB here.
            "-XX:MarkSweepDeadRatio=0",
            "-Xmn16m",
            "-Xmx256m",
            // All of the heap is there from the beginning: what the process has more is not heap.
            "-Xms256m",
            "-XX:+AlwaysPreTouch",
            "-XX:MaxDirectMemorySize=128m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dio.netty.noUnsafe=false",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-Dio.netty.tryReflectionSetAccessible=true",
            "--enable-native-access=ALL-UNNAMED",
            "-Dio.netty.leakDetection.level=" + leaks,
            "-cp",
            System.getProperty("java.class.path"),
            ProxyProcess.class.getName()));
    IntStream.of(routes.app(), routes.http2(), routes.refused(), routes.deaf(), ids)
        .mapToObj(Integer::toString)
        .forEach(command::add);
    Path log = folder.resolve("proxy.log");
    return new Proxy(new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
  }

  /** Asks one question, and reads the lines of its answer. */
  List<String> ask(String question) {
    try {
      questions.write(question + "\n");
      questions.flush();
      List<String> lines = new ArrayList<>();
      for (String line = answers.readLine(); !ProxyProcess.END.equals(line); ) {
        if (line == null) {
          throw new IllegalStateException("the proxy is no more:\n" + log());
        }
        lines.add(line);
        line = answers.readLine();
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy is no more:\n" + log(), e);
    }
  }

  long number(String question) {
    return Long.parseLong(ask(question).getFirst());
  }

  Map<String, Long> counts(String question) {
    Map<String, Long> counts = new TreeMap<>();
    for (String line : ask(question)) {
      int tab = line.indexOf('\t');
      counts.put(line.substring(0, tab), Long.parseLong(line.substring(tab + 1)));
    }
    return counts;
  }

  Figures figures() {
    return Figures.parse(ask("figures").getFirst());
  }

  Target target() {
    List<String> ports = ask("ports");
    return new Target(Integer.parseInt(ports.getFirst()), Integer.parseInt(ports.getLast()));
  }

  /** What it has logged. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
