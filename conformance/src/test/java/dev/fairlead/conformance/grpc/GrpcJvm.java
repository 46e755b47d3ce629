package dev.fairlead.conformance.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.conformance.testing.Program;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Programs in JVMs of their own, with gRPC's libraries on their class path. Where those are Maven
 * has written into target.
 */
final class GrpcJvm {

  private static final Path LIBRARIES = Path.of("target", "grpc.classpath");
  private static final Path OWN = Path.of("target", "test-classes");
  private static final Duration START = Duration.ofSeconds(30);

  private static final Program JAVA =
      new Program(Path.of(System.getProperty("java.home"), "bin", "java"));

  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xmx512m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private GrpcJvm() {}

  /** The interoperability server, at a port that the system chose. */
  record Server(Process process, int port) implements AutoCloseable {

    /**
     * Starts one.
     *
     * @param folder where it may leave files
     * @param tls with a certificate of {@link #authority}
     */
    static Server start(Path folder, boolean tls) throws IOException {
      Path output = Files.createTempFile(folder, "server", ".out");
      Process process =
          JAVA.start(
              folder,
              output,
              command(List.of(), InteropServer.class, List.of("--port=0", "--use_tls=" + tls)));
      try {
        String line =
            await()
                .atMost(START)
                .until(() -> lineAfter(InteropServer.PORT, output), Optional::isPresent)
                .orElseThrow();
        return new Server(process, Integer.parseInt(line));
      } catch (RuntimeException e) {
        Program.end(process);
        throw e;
      }
    }

    EndpointSpec endpoint() {
      return new EndpointSpec("127.0.0.1", port);
    }

    @Override
    public void close() {
      Program.end(process);
    }
  }

  private static Optional<String> lineAfter(String word, Path output) throws IOException {
    return Files.readAllLines(output).stream()
        .filter(line -> line.startsWith(word))
        .map(line -> line.substring(word.length()))
        .findFirst();
  }

  /**
   * Runs cases of the interoperability client, one after the other.
   *
   * @param folder where it may leave files
   * @param limit after which the test fails
   * @param trusted whom it trusts: certificates in a store of the JDK's first kind
   * @return how each went: {@link InteropClient#OK}, or what it says
   */
  static Map<String, String> run(
      Path folder, Duration limit, Path trusted, List<String> cases, List<String> options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add(String.join(",", cases));
    arguments.addAll(options);
    Program.Ended ended =
        JAVA.run(
            folder,
            limit,
            command(
                List.of("-Djavax.net.ssl.trustStore=" + trusted), InteropClient.class, arguments));
    Map<String, String> verdicts = new LinkedHashMap<>();
    ended
        .output()
        .lines()
        .filter(line -> line.startsWith(InteropClient.CASE))
        .map(line -> line.substring(InteropClient.CASE.length()).split(" ", 2))
        .forEach(words -> verdicts.put(words[0], words[1]));
    assertThat(verdicts.keySet()).as(ended.output()).containsExactlyElementsOf(cases);
    return verdicts;
  }

  /** The certificate that vouches for the server's, which is for {@code *.test.google.fr}. */
  static String authority() throws IOException {
    List<URL> libraries = new ArrayList<>();
    for (String jar : libraries().split(File.pathSeparator, -1)) {
      libraries.add(Path.of(jar).toUri().toURL());
    }
    try (URLClassLoader all = new URLClassLoader(libraries.toArray(URL[]::new));
        InputStream pem = Objects.requireNonNull(all.getResourceAsStream("certs/ca.pem"))) {
      return new String(pem.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static String[] command(List<String> flags, Class<?> main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(FLAGS);
    command.addAll(flags);
    command.add("-classpath");
    command.add(OWN.toAbsolutePath() + File.pathSeparator + libraries());
    command.add(main.getName());
    command.addAll(arguments);
    return command.toArray(String[]::new);
  }

  private static String libraries() throws IOException {
    assertThat(LIBRARIES).as("run by Maven, which writes it").exists();
    return Files.readString(LIBRARIES).strip();
  }
}
