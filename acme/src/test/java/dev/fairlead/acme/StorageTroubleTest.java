package dev.fairlead.acme;

import static dev.fairlead.acme.Instance.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.challenge.Answer;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.TlsMode;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A storage that cannot be used costs nobody a visitor: the local CA works from memory. */
class StorageTroubleTest {

  private static final Duration TIMEOUT = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** A share that hangs does so without an end; a busy machine is only slow. */
  private static final Duration NOT_FOR_EVER = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void aShareThatHangsHoldsNobodyUp() throws Exception {
    CountDownLatch back = new CountDownLatch(1);
    AtomicBoolean away = new AtomicBoolean(true);
    StorageAccess hanging =
        path -> {
          try {
            if (away.get()) {
              back.await();
            }
          } catch (InterruptedException e) {
            throw new AssertionError("storage threads are never interrupted", e);
          }
        };
    try (Instance instance = start(directory, hanging)) {
      long before = System.nanoTime();
      instance.want(
          TlsMode.ACME,
          "a.example.org",
          "b.example.org",
          "c.example.org",
          "d.example.org",
          "e.example.org",
          "f.example.org");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(NOT_FOR_EVER);
      assertThat(instance.heard.getFirst().byHost()).hasSize(6);
      assertThat(instance.manager.storageProblems())
          .singleElement()
          .asString()
          .contains("no answer within 0.3s");
      assertThat(instance.manager.localCaCertificate()).isEmpty();
      assertThat(
              instance
                  .manager
                  .keyAuthorization("token")
                  .toCompletableFuture()
                  .get(60, TimeUnit.SECONDS))
          .isInstanceOf(Answer.Unknown.class);
      assertThat(storageThreads()).isLessThanOrEqualTo(6);
      X509Certificate ephemeral = authority(instance);

      away.set(false);
      back.countDown();
      await().until(() -> !authority(instance).equals(ephemeral));
      await().until(() -> instance.manager.storageProblems().isEmpty());
      await()
          .until(
              () ->
                  instance
                      .served("f.example.org")
                      .filter(served -> served.chain().get(1).equals(authority(instance)))
                      .isPresent());
      assertThat(instance.manager.localCaCertificate().orElseThrow()).exists();
    }
  }

  @Test
  void aNameThatIsNotWantedAnyMoreHoldsNobodyUp() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    StorageAccess hanging =
        path -> {
          if (path.toString().contains("gone.example.org")) {
            asked.countDown();
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new AssertionError("storage threads are never interrupted", e);
            }
          }
        };
    StorageSettings patient = new StorageSettings(directory, Duration.ofMinutes(5));
    try (Instance instance = start(patient, hanging)) {
      instance.manager.wanted(Set.of(new WantedName(host("gone.example.org"), TlsMode.ACME)));
      asked.await();
      instance.want("a.example.org");
      assertThat(instance.heard.getFirst().byHost()).containsOnlyKeys(host("a.example.org"));
    } finally {
      never.countDown();
    }
  }

  @Test
  void closingDoesNotWaitForAShareThatHangs() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    StorageAccess hanging =
        path -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new AssertionError("storage threads are never interrupted", e);
          }
        };
    Instance instance = start(directory, hanging);
    instance.manager.wanted(Set.of(new WantedName(host("a.example.org"), TlsMode.ACME)));
    long before = System.nanoTime();
    instance.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(NOT_FOR_EVER);
    never.countDown();
  }

  @Test
  void aForeignStorageIsNamedWithTheFix() throws Exception {
    AtomicBoolean foreign = new AtomicBoolean(true);
    StorageAccess access =
        path -> {
          if (foreign.get()) {
            throw new AccessDeniedException(path.toString());
          }
        };
    try (Instance instance = start(patient(directory), access).want("a.example.org")) {
      assertThat(instance.serves("a.example.org", Origin.LOCAL)).isTrue();
      String uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
      assertThat(instance.manager.storageProblems())
          .singleElement()
          .isEqualTo(
              "storage %1$s: not readable and writable for uid %2$s (fix: chown -R %2$s %1$s && chmod 700 %1$s, on an NFS share at its server)"
                  .formatted(directory, uid));

      foreign.set(false);
      await().until(() -> instance.manager.localCaCertificate().isPresent());
      await().until(() -> instance.manager.storageProblems().isEmpty());
    }
  }

  @Test
  void aPlaceThatNobodyMayWriteIsNamed() throws Exception {
    Path forbidden = Path.of("/sys/fairlead"); // not even root may
    try (Instance instance =
        start(patient(forbidden), StorageAccess.DIRECT).want("a.example.org")) {
      assertThat(instance.serves("a.example.org", Origin.LOCAL)).isTrue();
      assertThat(instance.manager.storageProblems())
          .singleElement()
          .asString()
          .startsWith("storage /sys/fairlead: does not exist, and uid ")
          .endsWith(
              " may not make it (fix: mount a volume there, or set storage.path to a directory of"
                  + " this uid)");
    }
  }

  @Test
  void aFileInsteadOfADirectoryIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    try (Instance instance = start(patient(file), StorageAccess.DIRECT).want("a.example.org")) {
      assertThat(instance.serves("a.example.org", Origin.LOCAL)).isTrue();
      assertThat(instance.manager.storageProblems())
          .singleElement()
          .isEqualTo(
              "storage %s: not a directory (fix: set storage.path to a directory)".formatted(file));
    }
  }

  @Test
  void aStorageOfALaterVersionIsLeftAlone() throws Exception {
    Files.writeString(directory.resolve("version"), "2\n");
    try (Instance instance =
        start(patient(directory), StorageAccess.DIRECT).want("a.example.org")) {
      assertThat(instance.serves("a.example.org", Origin.LOCAL)).isTrue();
      assertThat(instance.manager.storageProblems())
          .singleElement()
          .asString()
          .contains("its format is not known here");
    }
    assertThat(directory).isDirectoryNotContaining(file -> !file.endsWith("version"));
  }

  private static X509Certificate authority(Instance instance) {
    await().until(() -> instance.heard.getLast().fallback().isPresent());
    return instance.heard.getLast().fallback().orElseThrow().chain().get(1);
  }

  private static long storageThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("storage-") && !thread.isVirtual())
        .filter(thread -> thread.getState() == Thread.State.WAITING)
        .count();
  }

  /** With a CA that nobody answers for. */
  private static Instance start(Path directory, StorageAccess access) {
    return start(new StorageSettings(directory, TIMEOUT), access);
  }

  private static StorageSettings patient(Path directory) {
    return new StorageSettings(directory, PATIENCE);
  }

  private static Instance start(StorageSettings storage, StorageAccess access) {
    AcmeSettings settings =
        new AcmeSettings(
            URI.create("https://127.0.0.1:1/dir"),
            Optional.empty(),
            Optional.empty(),
            AcmeSettings.Challenge.HTTP_01);
    return new Instance(settings, storage, Clock.systemUTC(), access);
  }
}
