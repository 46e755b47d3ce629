package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The secrets behind session tickets over the days. The clock of the share is that of the files'
 * times, so files are made older here; the clock of an instance is another one.
 */
class TicketKeyKeeperTest {

  private static final int INSTANCES = 4;
  private static final Duration ALMOST_A_DAY = Duration.ofHours(23);
  private static final Duration A_DAY = Duration.ofHours(25);

  private static final AcmeSettings ACME =
      new AcmeSettings(
          URI.create("https://127.0.0.1:1/dir"),
          Optional.empty(),
          Optional.empty(),
          AcmeSettings.Challenge.HTTP_01);

  @TempDir Path directory;

  @Test
  void allInstancesHaveTheSameHoweverTheyStart() throws Exception {
    List<Listener> listeners = new ArrayList<>();
    try {
      for (int i = 0; i < INSTANCES; i++) {
        listeners.add(new Listener(new MutableClock(), StorageAccess.DIRECT));
      }
      listeners.forEach(Listener::begin);
      for (Listener listener : listeners) {
        await().until(() -> !listener.heard.isEmpty());
        assertThat(listener.keys()).hasSize(2).isEqualTo(stored());
      }
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
          .isEqualTo("rw-------");
    } finally {
      listeners.forEach(Listener::close);
    }
  }

  @Test
  void theNextOneIsUsedAfterADayAndAllHadItBefore() throws Exception {
    try (Listener one = new Listener().begin();
        Listener other = new Listener().begin()) {
      await().until(() -> !one.heard.isEmpty() && !other.heard.isEmpty());
      List<String> before = stored();

      age(A_DAY);
      await().until(() -> !one.keys().equals(before) && one.keys().equals(other.keys()));
      assertThat(one.keys()).hasSize(3).isEqualTo(stored());
      assertThat(one.keys().getFirst()).as("encrypts").isEqualTo(before.get(1));
      assertThat(one.keys().get(2)).as("is still accepted").isEqualTo(before.getFirst());
      assertThat(one.heard).as("changed once, by whichever came first").hasSize(2);
    }
  }

  @Test
  void aKeyIsGoneWhenItsTicketsAre() throws Exception {
    try (Listener instance = new Listener().begin()) {
      await().until(() -> !instance.heard.isEmpty());
      String first = instance.keys().getFirst();
      for (int day = 1; day <= 3; day++) {
        assertThat(instance.keys()).contains(first);
        List<String> before = instance.keys();
        age(A_DAY);
        await().until(() -> !instance.keys().equals(before));
      }
      assertThat(instance.keys()).hasSize(4).doesNotContain(first);
      assertThat(Files.readString(file())).doesNotContain(first);
    }
  }

  @Test
  void theyAreKeptOverARestartAndForADay() throws Exception {
    try (Listener instance = new Listener().begin()) {
      instance.looked();
    }
    String before = Files.readString(file());
    age(ALMOST_A_DAY);
    try (Listener instance = new Listener().begin()) {
      instance.looked();
      assertThat(instance.keys()).isEqualTo(stored());
    }
    assertThat(Files.readString(file())).isEqualTo(before);
  }

  @Test
  void anInstanceWhoseClockIsWrongChangesNothing() throws Exception {
    try (Listener instance = new Listener().begin()) {
      instance.looked();
    }
    String before = Files.readString(file());
    MutableClock ahead = new MutableClock();
    ahead.advance(Duration.ofDays(400));
    try (Listener instance = new Listener(ahead, StorageAccess.DIRECT).begin()) {
      instance.looked();
      assertThat(instance.keys()).isEqualTo(stored());
    }
    assertThat(Files.readString(file())).isEqualTo(before);
  }

  @Test
  void afterAPauseLongerThanAnyTicketNothingOfBeforeIsUsed() throws Exception {
    try (Listener instance = new Listener().begin()) {
      instance.looked();
    }
    List<String> before = stored();
    age(Duration.ofDays(4));
    try (Listener instance = new Listener().begin()) {
      await().until(() -> !instance.heard.isEmpty() && !instance.keys().equals(before));
      assertThat(instance.keys()).hasSize(2).doesNotContainAnyElementsOf(before);
    }
  }

  @Test
  void aFileFromTheFutureIsReplaced() throws Exception {
    try (Listener instance = new Listener().begin()) {
      await().until(() -> !instance.heard.isEmpty());
      List<String> before = stored();
      age(Duration.ofDays(-1000));
      await().until(() -> !instance.keys().equals(before));
      assertThat(Files.getLastModifiedTime(file()).toInstant())
          .isBefore(Instant.now().plusSeconds(60));
    }
  }

  @Test
  void aDamagedFileIsReplaced() throws Exception {
    try (Listener instance = new Listener().begin()) {
      await().until(() -> !instance.heard.isEmpty());
      List<String> before = stored();
      Files.writeString(file(), "next ");
      await().until(() -> !instance.keys().equals(before));
      assertThat(instance.keys()).isEqualTo(stored());
      assertThat(instance.instance.manager.storageProblems()).isEmpty();
    }
  }

  @Test
  void aStartWithoutTheShareWaitsForNothingAndHasThemWhenItIsBack() throws Exception {
    AtomicBoolean away = new AtomicBoolean(true);
    try (Listener instance = new Listener(new MutableClock(), failing(away)).begin()) {
      instance.looked();
      assertThat(instance.heard).isEmpty();

      away.set(false);
      await().until(() -> !instance.heard.isEmpty());
      assertThat(instance.keys()).isEqualTo(stored());
    }
  }

  @Test
  void withoutTheShareTheyGoOnForTwoDaysThenTheProcessHasItsOwn() throws Exception {
    AtomicBoolean away = new AtomicBoolean();
    MutableClock clock = new MutableClock();
    try (Listener instance = new Listener(clock, failing(away)).begin()) {
      await().until(() -> !instance.heard.isEmpty());
      List<String> shared = instance.keys();

      away.set(true);
      clock.advance(Duration.ofHours(47));
      await().until(() -> !instance.instance.manager.storageProblems().isEmpty());
      assertThat(instance.keys()).isEqualTo(shared);

      clock.advance(Duration.ofHours(2));
      await().until(() -> !instance.keys().equals(shared));
      List<String> own = instance.keys();
      assertThat(own).hasSize(2).doesNotContainAnyElementsOf(shared);

      clock.advance(Duration.ofHours(25));
      await().until(() -> !instance.keys().equals(own));
      assertThat(instance.keys().getFirst()).isEqualTo(own.get(1));
      assertThat(instance.keys()).contains(own.getFirst()).doesNotContainAnyElementsOf(shared);

      away.set(false);
      await().until(() -> instance.keys().equals(shared));
    }
  }

  private static StorageAccess failing(AtomicBoolean away) {
    return _ -> {
      if (away.get()) {
        throw new IOException("Input/output error");
      }
    };
  }

  private void age(Duration by) throws IOException {
    Files.setLastModifiedTime(file(), FileTime.from(Instant.now().minus(by)));
  }

  private Path file() {
    return directory.resolve("secrets").resolve("tickets");
  }

  /** As it is handed on: that which encrypts first. */
  private List<String> stored() throws IOException {
    List<String> keys = new ArrayList<>();
    Files.readString(file())
        .lines()
        .forEach(line -> keys.add(line.substring(line.indexOf(' ') + 1)));
    keys.add(0, keys.remove(1));
    return keys;
  }

  /** An instance, and what it told of its keys. */
  private final class Listener implements AutoCloseable {

    private final Instance instance;
    private final List<List<String>> heard = new CopyOnWriteArrayList<>();
    private CompletableFuture<Void> ready = new CompletableFuture<>();

    Listener() {
      this(new MutableClock(), StorageAccess.DIRECT);
    }

    Listener(MutableClock clock, StorageAccess access) {
      instance = new Instance(ACME, Instance.storage(directory), clock, access);
    }

    Listener begin() {
      ready =
          instance.manager.ticketKeys(
              secrets ->
                  heard.add(secrets.stream().map(Base64.getEncoder()::encodeToString).toList()));
      return this;
    }

    void looked() throws Exception {
      ready.get(60, TimeUnit.SECONDS);
    }

    List<String> keys() {
      return heard.getLast();
    }

    @Override
    public void close() {
      instance.close();
    }
  }
}
