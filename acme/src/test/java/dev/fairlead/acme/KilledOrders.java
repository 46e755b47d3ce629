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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A storage on which those who order are killed, and what it has of each name. */
final class KilledOrders {

  /** What a name can have reached before a kill. */
  static final List<String> STEPS =
      List.of("checked", "ordered", "validating", "key", "stored", "issued");

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PebbleExtension ca;
  private final Path directory;
  private final int before;

  /**
   * Lets the CA have its answers from the storage, whoever lives.
   *
   * @param directory the storage's
   */
  KilledOrders(PebbleExtension ca, Path directory) {
    this.ca = ca;
    this.directory = directory;
    this.before = ca.pebble().orders();
    ca.responder()
        .answerFrom(
            new AnswersOnShare(directory),
            host -> CompletableFuture.completedFuture(Optional.empty()));
  }

  /** How many the CA has got. */
  int count() {
    return ca.pebble().orders() - before;
  }

  /** Starts somebody to kill; names with a blank between them share a certificate. */
  KilledProcess start(List<String> names) throws IOException {
    return KilledProcess.start(directory, settings(), names);
  }

  /**
   * One that is left alone: it goes on with everything.
   *
   * @return when all is served and stored; to be closed
   */
  Instance finish(List<String> names) throws Exception {
    StorageSettings storage = new StorageSettings(directory, Duration.ofSeconds(30));
    Instance last = new Instance(settings(), storage, Clock.systemUTC(), StorageAccess.DIRECT);
    try {
      last.wantTogether(names.toArray(new String[0]));
      for (String name : names.stream().flatMap(each -> Stream.of(each.split(" "))).toList()) {
        await().atMost(PATIENCE).until(() -> last.serves(name, Origin.ACME));
        await().atMost(PATIENCE).until(() -> isStored(name));
      }
      return last;
    } catch (Throwable e) {
      last.close();
      throw e;
    }
  }

  /** Whether a name is at one of the steps, or beyond it where the step is a file. */
  boolean isAt(String name, String step) throws IOException {
    return switch (step) {
      case "key" -> Files.exists(folder(name).resolve("order.key.pem"));
      case "stored" -> isStored(name);
      default -> {
        Path state = folder(name).resolve("state.json");
        yield Files.exists(state) && Files.readString(state).contains("\"" + step + "\"");
      }
    };
  }

  /** How far a name has come, as its state says. */
  String step(String name) throws IOException {
    Path state = folder(name).resolve("state.json");
    return Files.exists(state)
        ? JSON.readTree(Files.readString(state)).path("step").asText()
        : "nothing";
  }

  boolean isStored(String name) {
    return Files.exists(folder(name).resolve("current"));
  }

  /** What the storage has of a name. */
  Path folder(String name) {
    return directory
        .resolve("certificates")
        .resolve(name)
        .resolve("127.0.0.1_%d_dir".formatted(ca.pebble().acmeDirectory().getPort()));
  }

  /** Nobody ever sees half a file, but for what has no name yet. */
  void assertReadable() throws Exception {
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

  private AcmeSettings settings() {
    return new AcmeSettings(
        ca.pebble().acmeDirectory(),
        Optional.empty(),
        Optional.of(ca.pebble().caFile()),
        AcmeSettings.Challenge.HTTP_01);
  }
}
