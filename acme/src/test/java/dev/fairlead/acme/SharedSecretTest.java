package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret that instances share. */
class SharedSecretTest {

  private static final int INSTANCES = 5;

  private static final AcmeSettings ACME =
      new AcmeSettings(
          URI.create("https://127.0.0.1:1/dir"),
          Optional.empty(),
          Optional.empty(),
          AcmeSettings.Challenge.HTTP_01);

  @TempDir Path directory;

  @Test
  void allInstancesHaveTheSameOneHoweverTheyStart() throws Exception {
    List<Instance> instances = new ArrayList<>();
    try {
      List<CompletableFuture<byte[]>> secrets = new ArrayList<>();
      for (int i = 0; i < INSTANCES; i++) {
        instances.add(start(StorageAccess.DIRECT));
      }
      instances.forEach(instance -> secrets.add(secret(instance)));
      byte[] first = secrets.getFirst().get(60, TimeUnit.SECONDS);
      assertThat(first).hasSize(32);
      for (CompletableFuture<byte[]> secret : secrets) {
        assertThat(secret.get(60, TimeUnit.SECONDS)).isEqualTo(first);
      }
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
          .isEqualTo("rw-------");
    } finally {
      instances.forEach(Instance::close);
    }
  }

  @Test
  void itIsKept() throws Exception {
    byte[] made;
    try (Instance instance = start(StorageAccess.DIRECT)) {
      made = secret(instance).get(60, TimeUnit.SECONDS);
    }
    try (Instance instance = start(StorageAccess.DIRECT)) {
      assertThat(secret(instance).get(60, TimeUnit.SECONDS)).isEqualTo(made);
    }
  }

  @Test
  void aStorageThatComesLaterIsWaitedForByNobody() throws Exception {
    AtomicBoolean away = new AtomicBoolean(true);
    StorageAccess access =
        _ -> {
          if (away.get()) {
            throw new IOException("Input/output error");
          }
        };
    try (Instance instance = start(access)) {
      CompletableFuture<byte[]> secret = new CompletableFuture<>();
      instance.manager.secret("sticky", secret::complete).get(60, TimeUnit.SECONDS);
      assertThat(secret).isNotDone();

      away.set(false);
      assertThat(secret.get(60, TimeUnit.SECONDS)).hasSize(32);
    }
  }

  @Test
  void aDamagedOneIsSaidAndUsedByNobody() throws Exception {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "c2hvcnQ=");
    try (Instance instance = start(StorageAccess.DIRECT)) {
      CompletableFuture<byte[]> secret = secret(instance);
      await().until(() -> !instance.manager.storageProblems().isEmpty());
      assertThat(instance.manager.storageProblems())
          .singleElement()
          .asString()
          .contains(file().toString(), "damaged", "remove it")
          .doesNotContain("c2hvcnQ");
      assertThat(secret).isNotDone();

      Files.delete(file());
      assertThat(secret.get(60, TimeUnit.SECONDS)).hasSize(32);
    }
  }

  private Path file() {
    return directory.resolve("secrets").resolve("sticky");
  }

  private static CompletableFuture<byte[]> secret(Instance instance) {
    CompletableFuture<byte[]> secret = new CompletableFuture<>();
    CompletableFuture<Void> looked = instance.manager.secret("sticky", secret::complete);
    return looked.thenCompose(_ -> secret);
  }

  private Instance start(StorageAccess access) {
    return new Instance(ACME, Instance.storage(directory), Clock.systemUTC(), access);
  }
}
