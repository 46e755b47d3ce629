package dev.fairlead.conformance.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that was installed on the machine. Where it is missing the test that needs it is left
 * out with a sentence; where {@code CI} is true it fails, as nobody would see there that nothing
 * was tested.
 *
 * @param file its whole path
 */
public record Program(Path file) {

  private static final Path NOTHING = Path.of("/dev/null");

  /** Where Debian keeps servers, which is not always on the PATH. */
  private static final List<String> MORE_PLACES = List.of("/usr/sbin", "/usr/local/sbin");

  /**
   * What a program that ended has left.
   *
   * @param output both its streams, as they came
   */
  public record Ended(int status, String output) {}

  /**
   * Finds a program.
   *
   * @param command as it is typed
   * @param debianPackage that brings it
   */
  public static Program installed(String command, String debianPackage) {
    Optional<Path> found =
        Stream.concat(
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)),
                MORE_PLACES.stream())
            .map(folder -> Path.of(folder, command))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      String sentence =
          "Left out: %s is not installed (fix: apt-get install -y %s)"
              .formatted(command, debianPackage);
      if ("true".equals(System.getenv("CI"))) {
        fail(sentence);
      }
      abort(sentence);
    }
    return new Program(found.orElseThrow());
  }

  /** Runs it to its end, with nothing to read. */
  public Ended run(Path folder, Duration limit, String... arguments)
      throws IOException, InterruptedException {
    return run(folder, limit, NOTHING, arguments);
  }

  /**
   * Runs it to its end.
   *
   * @param folder where it works and may leave files
   * @param limit after which it is killed, and the test fails
   * @param input what it reads
   */
  public Ended run(Path folder, Duration limit, Path input, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, file.getFileName().toString(), ".out");
    Process process = start(folder, input, output, arguments);
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        fail(file + " did not end in " + limit + ":\n" + Files.readString(output));
      }
    } finally {
      end(process);
    }
    return new Ended(process.exitValue(), Files.readString(output));
  }

  /** Starts it with nothing to read; to be ended by {@link #end}. */
  public Process start(Path folder, Path output, String... arguments) throws IOException {
    return start(folder, NOTHING, output, arguments);
  }

  private Process start(Path folder, Path input, Path output, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(file.toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectInput(input.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** Ends a process and all that it started, and waits for that. */
  public static void end(Process process) {
    List<ProcessHandle> family =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    family.forEach(ProcessHandle::destroyForcibly);
    family.forEach(
        one -> one.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(_ -> one).join());
  }
}
