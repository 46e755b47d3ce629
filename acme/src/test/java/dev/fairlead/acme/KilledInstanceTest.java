package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pebble.AnswersOnShare;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that order are killed (SIGKILL) wherever they stand, and others go on with what they
 * began: each name has one order, ever.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KilledInstanceTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Duration.ofDays(90), 10);

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the newest name has reached before a kill. */
  private static final List<String> STEPS =
      List.of("checked", "ordered", "validating", "key", "stored", "issued");

  /** So many uses of files later at most it is killed: into the middle of the next step. */
  private static final int MOST_USES = 8;

  @TempDir Path directory;

  @BeforeEach
  void answerFromTheShare() {
    CA.responder()
        .answerFrom(
            new AnswersOnShare(directory),
            host -> CompletableFuture.completedFuture(Optional.empty()));
  }

  @AfterEach
  void forgetAnswers() {
    CA.responder().forget();
  }

  @Test
  void tenKillsAndNoNameIsOrderedTwice() throws Exception {
    kill(10, 7);
  }

  @Test
  @Tag("long")
  @Timeout(value = 40, unit = TimeUnit.MINUTES)
  void twoHundredKillsAndNoNameIsOrderedTwice() throws Exception {
    kill(200, System.nanoTime());
  }

  @Test
  void whoDiesAtEachStepIsFollowedByWhoGoesOnWithIt() throws Exception {
    int before = CA.pebble().orders();
    List<String> names = new ArrayList<>();
    for (String step : STEPS) {
      String name = "step%d.fairlead-tests.com".formatted(names.size());
      names.add(name);
      Process process = OrderingProcess.start(directory, settings(), List.of(name));
      try {
        Uses _ = awaitStep(process, name, step);
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertReadable();
    }
    finish(names);
    assertThat(CA.pebble().orders() - before).isEqualTo(names.size());
  }

  private void kill(int kills, long seed) throws Exception {
    int before = CA.pebble().orders();
    Random random = new Random(seed);
    List<String> names = new ArrayList<>();
    List<String> open = new ArrayList<>();
    Map<String, Integer> steps = new TreeMap<>();
    for (int i = 0; i < kills; i++) {
      String name = "kill%d.of%d.fairlead-tests.com".formatted(i, kills);
      names.add(name);
      open.add(name);
      Process process = OrderingProcess.start(directory, settings(), open);
      try {
        Uses uses = awaitStep(process, name, STEPS.get(random.nextInt(STEPS.size())));
        for (int more = random.nextInt(MOST_USES); more > 0; more--) {
          uses.allow();
          uses.await();
        }
        if (random.nextBoolean()) { // in the middle of using a file, or of asking the CA
          uses.allow();
          process.waitFor(random.nextInt(30), TimeUnit.MILLISECONDS);
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertReadable();
      steps.merge(step(name), 1, Integer::sum);
      open.removeIf(each -> Files.exists(folder(each).resolve("current")));
    }
    finish(names);
    System.out.printf("%d kills: the newest name stood at %s%n", kills, steps);
    assertThat(steps.keySet())
        .as("where they were killed: %s", steps)
        .doesNotContain("nothing")
        .containsAnyOf("checked", "ordered", "validating");
    assertThat(CA.pebble().orders() - before)
        .as("orders after %d kills, seed %d", kills, seed)
        .isEqualTo(names.size());
  }

  /** The last one is left alone. */
  private void finish(List<String> names) throws Exception {
    StorageSettings storage = new StorageSettings(directory, Duration.ofSeconds(30));
    try (Instance last =
        new Instance(settings(), storage, Clock.systemUTC(), StorageAccess.DIRECT)) {
      last.want(names.toArray(new String[0]));
      for (String name : names) {
        await().atMost(PATIENCE).until(() -> last.serves(name, Origin.ACME));
        await().atMost(PATIENCE).until(() -> Files.exists(folder(name).resolve("current")));
      }
    }
    assertReadable();
  }

  /** Nobody ever sees half a file, but for what has no name yet. */
  private void assertReadable() throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.toString().contains("/.new-") || file.toString().contains("/.tmp-")) {
          continue;
        }
        if (file.toString().endsWith(".json")) {
          assertThat(JSON.readTree(Files.readString(file)).isObject()).as("%s", file).isTrue();
        } else if (file.endsWith("fullchain.pem") || file.endsWith("ca.pem")) {
          assertThat(Pem.certificates(Files.readString(file))).as("%s", file).isNotEmpty();
        } else if (file.toString().endsWith(".pem")) {
          assertThat(Pem.privateKey(Files.readString(file))).as("%s", file).isNotNull();
        }
      }
    }
  }

  /** Waits until it is about to use a file after a step, and does not let it. */
  private Uses awaitStep(Process process, String name, String step) throws IOException {
    Uses uses = new Uses(process);
    while (true) {
      uses.await();
      if (isAt(folder(name), step)) {
        return uses;
      }
      uses.allow();
    }
  }

  /** How far the newest name had come. */
  private String step(String name) throws IOException {
    Path state = folder(name).resolve("state.json");
    return Files.exists(state)
        ? JSON.readTree(Files.readString(state)).path("step").asText()
        : "nothing";
  }

  private static boolean isAt(Path folder, String step) throws IOException {
    return switch (step) {
      case "key" -> Files.exists(folder.resolve("order.key.pem"));
      case "stored" -> Files.exists(folder.resolve("current"));
      default -> {
        Path state = folder.resolve("state.json");
        yield Files.exists(state) && Files.readString(state).contains("\"" + step + "\"");
      }
    };
  }

  private Path folder(String name) {
    return directory
        .resolve("certificates")
        .resolve(name)
        .resolve("127.0.0.1_%d_dir".formatted(CA.pebble().acmeDirectory().getPort()));
  }

  private static AcmeSettings settings() {
    return new AcmeSettings(
        CA.pebble().acmeDirectory(),
        Optional.empty(),
        Optional.of(CA.pebble().caFile()),
        AcmeSettings.Challenge.HTTP_01);
  }

  /** What a process says about the files that it is about to use; it waits for each. */
  private static final class Uses {

    private final BufferedReader lines;
    private final OutputStream turns;

    Uses(Process process) {
      this.lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      this.turns = process.getOutputStream();
    }

    /** Waits until it is about to use one. */
    void await() throws IOException {
      if (lines.readLine() == null) {
        throw new AssertionError("the process ended by itself, see process.log");
      }
    }

    /** Lets it use that one. */
    void allow() throws IOException {
      turns.write('\n');
      turns.flush();
    }
  }
}
