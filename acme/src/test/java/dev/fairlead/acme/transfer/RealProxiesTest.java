package dev.fairlead.acme.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.acme.challenge.Answer;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.transfer.ImportLine.Outcome;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What certbot and Caddy themselves have written, after they had ordered from a CA; left out where
 * they are not installed. What they are expected to write is made by {@link FormerFiles}.
 */
class RealProxiesTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Duration.ofDays(90), 0);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path directory = Path.of("");
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    CA.responder().forget();
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }

  @Test
  void takesOverFromCertbot() throws Exception {
    assumeInstalled("certbot");
    Path web = Files.createDirectory(directory.resolve("web"));
    CA.responder()
        .answerFrom(
            token -> token(text(web.resolve(".well-known/acme-challenge").resolve(token))),
            _ -> found(Optional.empty()));
    Path folder = directory.resolve("letsencrypt");
    Process certbot =
        start(
            "certbot",
            "certonly",
            "-n",
            "--agree-tos",
            "--register-unsafely-without-email",
            "--server",
            CA.pebble().acmeDirectory().toString(),
            "--config-dir",
            folder.toString(),
            "--work-dir",
            directory.resolve("work").toString(),
            "--logs-dir",
            directory.resolve("logs").toString(),
            "--webroot",
            "-w",
            web.toString(),
            "-d",
            "one.fairlead-tests.com",
            "-d",
            "two.fairlead-tests.com");
    assertThat(certbot.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(certbot.exitValue()).as("%s", said()).isZero();

    assertThat(takeOver(FormerProxy.CERTBOT, folder))
        .extracting(ImportLine::outcome)
        .containsExactly(Outcome.IMPORTED, Outcome.IMPORTED);
    assertIsThere("one.fairlead-tests.com", "two.fairlead-tests.com");
  }

  @Test
  void takesOverFromCaddy() throws Exception {
    assumeInstalled("caddy");
    Path folder = directory.resolve("data");
    CA.responder()
        .answerFrom(token -> token(caddysAnswer(folder, token)), _ -> found(Optional.empty()));
    Path settings =
        Files.writeString(
            directory.resolve("Caddyfile"),
            """
            {
              admin off
              http_port %d
              https_port %d
              storage file_system %s
              cert_issuer acme {
                dir %s
                trusted_roots %s
                disable_tlsalpn_challenge
              }
            }
            three.fairlead-tests.com, four.fairlead-tests.com {
              respond "hello"
            }
            """
                .formatted(
                    freePort(),
                    freePort(),
                    folder,
                    CA.pebble().acmeDirectory(),
                    CA.pebble().caFile()));
    start("caddy", "run", "--config", settings.toString(), "--adapter", "caddyfile");
    await()
        .atMost(PATIENCE)
        .until(() -> files(folder).filter(RealProxiesTest::isNote).count() == 2);

    assertThat(takeOver(FormerProxy.CADDY, folder))
        .extracting(ImportLine::outcome)
        .containsExactly(Outcome.IMPORTED, Outcome.IMPORTED, Outcome.IMPORTED);
    assertIsThere("three.fairlead-tests.com", "four.fairlead-tests.com");
  }

  /** The file beside a certificate, which is written last. */
  private static boolean isNote(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".json")
        && Files.exists(file.resolveSibling(name.replaceAll("json$", "crt")));
  }

  /** Where instances of Caddy tell each other the answers to challenges. */
  private static Optional<String> caddysAnswer(Path folder, String token) {
    return files(folder)
        .filter(file -> file.toString().contains("challenge_tokens"))
        .map(RealProxiesTest::text)
        .flatMap(Optional::stream)
        .map(RealProxiesTest::json)
        .filter(json -> json.path("token").asText().equals(token))
        .map(json -> json.path("keyAuthorization").asText())
        .findFirst();
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      return MAPPER.createObjectNode();
    }
  }

  private void assertIsThere(String... names) throws Exception {
    try (Storage storage = new Storage(storage(), StorageAccess.DIRECT)) {
      CertificateStorage certificates =
          new CertificateStorage(storage, CA.pebble().acmeDirectory());
      for (String name : names) {
        assertThat(certificates.loadFresh(HostPattern.parse(name).orElseThrow()).pair())
            .as(name)
            .isPresent();
      }
      assertThat(new AccountStorage(storage, CA.pebble().acmeDirectory()).key()).isPresent();
    }
  }

  private List<ImportLine> takeOver(FormerProxy from, Path source) throws Exception {
    List<ImportLine> lines = new ArrayList<>();
    AcmeSettings acme =
        new AcmeSettings(
            CA.pebble().acmeDirectory(),
            Optional.empty(),
            Optional.empty(),
            AcmeSettings.Challenge.HTTP_01);
    try (CertificateImport task = new CertificateImport(storage(), acme, Clock.systemUTC())) {
      task.run(from, source, Optional.empty(), false, lines::add);
    }
    return lines;
  }

  private StorageSettings storage() {
    return new StorageSettings(directory.resolve("storage"), Duration.ofMinutes(1));
  }

  private Process start(String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile());
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("XDG_DATA_HOME", directory.resolve("xdg").toString());
    builder.environment().put("XDG_CONFIG_HOME", directory.resolve("xdg").toString());
    builder.environment().put("REQUESTS_CA_BUNDLE", CA.pebble().caFile().toString());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private String said() {
    return text(directory.resolve("output")).orElse("nothing");
  }

  private static void assumeInstalled(String program) {
    assumeTrue(
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
            .anyMatch(place -> Files.isExecutable(Path.of(place, program))),
        "Left out: %1$s is not on the PATH (fix: apt-get install -y %1$s)".formatted(program));
  }

  private static <T> CompletableFuture<T> found(T value) {
    return CompletableFuture.completedFuture(value);
  }

  private static CompletableFuture<Answer<String>> token(Optional<String> text) {
    return found(text.<Answer<String>>map(Answer.Found::new).orElseGet(Answer.None::new));
  }

  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file, UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Stream<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.toList().stream();
    } catch (IOException | UncheckedIOException e) {
      return Stream.of(); // it was written to meanwhile
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
