package dev.fairlead.conformance.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.conformance.testing.Program;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The fuzzing client of Autobahn|Testsuite 0.5.6 as Maven Central has it: written in Python 2,
 * within the jar of a Maven plugin, and run by Jython in a JVM of its own. Netty must not be on
 * that JVM's class path, as its Java package {@code io} hides Python's module. Maven puts the jars
 * into target.
 */
final class Autobahn {

  private static final Path JARS = Path.of("target", "autobahn");

  private static final String PROGRAM =
      "import sys; sys.argv = ['wstest', '-m', 'fuzzingclient', '-s', 'spec.json']; "
          + "from autobahntestsuite import wstest; wstest.run()";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  /** One that leaves its reports in {@code folder}. */
  Autobahn(Path folder) {
    this.folder = folder;
  }

  /**
   * Runs cases against servers, one after the other.
   *
   * @param servers name to port at 127.0.0.1, which is also the host that is asked for
   * @param cases as the suite numbers them, with {@code *} for all that follow
   * @param limit after which the test fails
   * @return what it says, by the servers' names
   */
  Map<String, Verdicts> run(Map<String, Integer> servers, List<String> cases, Duration limit)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve("spec.json"), specification(servers, cases));
    Program java = new Program(Path.of(System.getProperty("java.home"), "bin", "java"));
    Program.Ended ended =
        java.run(
            folder,
            limit,
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dpython.cachedir=" + folder.resolve("cache"),
            "-classpath",
            classPath(),
            "org.python.util.jython",
            "-c",
            PROGRAM);
    Path report = folder.resolve("reports").resolve("index.json");
    assertThat(report).as(ended.toString()).exists();
    return read(JSON.readTree(report.toFile()));
  }

  private static String specification(Map<String, Integer> servers, List<String> cases)
      throws IOException {
    return JSON.writeValueAsString(
        Map.of(
            "outdir",
            "reports",
            "servers",
            servers.entrySet().stream()
                .map(
                    one -> Map.of("agent", one.getKey(), "url", "ws://127.0.0.1:" + one.getValue()))
                .toList(),
            "cases",
            cases,
            "exclude-cases",
            List.of(),
            "exclude-agent-cases",
            Map.of(),
            // As its own examples have it: what fails is told by a close frame.
            "options",
            Map.of("failByDrop", false)));
  }

  private static String classPath() throws IOException {
    assertThat(JARS).as("run by Maven, which puts them there").isDirectory();
    try (Stream<Path> jars = Files.list(JARS)) {
      return String.join(
          File.pathSeparator, jars.map(jar -> jar.toAbsolutePath().toString()).toList());
    }
  }

  private static Map<String, Verdicts> read(JsonNode report) {
    Map<String, Verdicts> byServer = new TreeMap<>();
    report
        .properties()
        .forEach(server -> byServer.put(server.getKey(), Verdicts.read(server.getValue())));
    return byServer;
  }
}
