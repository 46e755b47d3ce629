package dev.fairlead.app.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command {@code fairlead} of the image, with a program in Java's place that tells its line.
 */
class ImageCommandTest {

  @TempDir private Path folder;

  private record Result(List<String> lines, int exitCode) {}

  @BeforeEach
  void makeJava() throws IOException {
    Path java =
        Files.writeString(
            folder.resolve("java"),
            """
            #!/bin/sh
            printf '%s\\n' "$@" "left: ${JDK_JAVA_OPTIONS-}${_JAVA_OPTIONS-}"
            exit 69
            """);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void wordsStayAsTheyAreAndTheExitCodeIsPassedOn() throws Exception {
    Result result = run(Map.of(), "certs", "import", "--from", "caddy", "a path");
    assertThat(result.lines())
        .containsSubsequence(
            "-jar",
            "/opt/fairlead/fairlead.jar",
            "certs",
            "import",
            "--from",
            "caddy",
            "a path",
            "left: ");
    assertThat(result.exitCode()).isEqualTo(69);
  }

  @Test
  void ofTheProxysOptionsOnlyPropertiesAreTaken() throws Exception {
    Result result =
        run(
            Map.of(
                "JDK_JAVA_OPTIONS",
                "-Xmx300m -Dhttps.proxyHost=proxy.lan"
                    + " -agentlib:jdwp=transport=dt_socket,address=5005",
                "_JAVA_OPTIONS",
                "-XX:MaxDirectMemorySize=256m -Dcom.sun.management.jmxremote.port=9010 -Da=*"),
            "health");
    assertThat(result.lines())
        .contains("-Dhttps.proxyHost=proxy.lan", "-Da=*", "-Xmx128m", "left: ")
        .noneMatch(word -> word.contains("300m"))
        .noneMatch(word -> word.contains("jdwp"))
        .noneMatch(word -> word.contains("256m"))
        .noneMatch(word -> word.contains("9010"));
  }

  private Result run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    // Maven runs the tests in the folder of their module
    Path command = Path.of("..", "build", "command").toAbsolutePath();
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", command.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTIONS"));
    builder.environment().putAll(environment);
    builder.environment().merge("PATH", folder.toString(), (old, first) -> first + ":" + old);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(said.lines().toList(), process.waitFor());
  }
}
