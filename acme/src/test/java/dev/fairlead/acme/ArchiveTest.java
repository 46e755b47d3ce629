package dev.fairlead.acme;

import static dev.fairlead.acme.Instance.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of names that no service has any more; on a real storage, with the test's time. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ArchiveTest {

  private static final String NAME = "a.example.org";
  private static final String OTHER = "b.example.org";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration DAY = Duration.ofDays(1);
  private static final URI CA = URI.create("https://127.0.0.1:1/dir");
  private static final AcmeSettings ACME =
      new AcmeSettings(CA, Optional.empty(), Optional.empty(), AcmeSettings.Challenge.HTTP_01);

  @TempDir Path directory;
  private final MutableClock clock = new MutableClock();
  private final AtomicBoolean complete = new AtomicBoolean(true);

  @Test
  void aNameThatNoServiceHasIsArchivedAfterAWeek() throws Exception {
    KeyAndChain pair = store(NAME);
    store(OTHER);
    try (Instance instance = start().want(NAME, OTHER)) {
      pass(ArchiveKeeper.SWEEP, NAME);
      instance.want(OTHER);
      pass(ArchiveKeeper.SWEEP, NAME);
      for (int day = 0; day < 6; day++) {
        pass(DAY, NAME);
        assertThat(folder(NAME)).isDirectory();
      }
      assertThat(instance.manager.status())
          .as("what metrics and alerts know")
          .singleElement()
          .satisfies(status -> assertThat(status.host()).isEqualTo(host(OTHER)));
      pass(DAY, NAME);
      assertThat(folder(NAME)).doesNotExist();
      assertThat(folder(OTHER)).isDirectory();

      assertThat(archived(NAME)).hasSize(1);
      assertThat(
              Files.readString(
                  archived(NAME).getFirst().resolve("127.0.0.1_1_dir/current/privkey.pem")))
          .contains("PRIVATE KEY");

      instance.want(NAME, OTHER);
      await().atMost(PATIENCE).until(() -> shows(instance, NAME, pair));
      assertThat(origins(instance, NAME))
          .as("nobody was shown another one meanwhile")
          .containsOnly(Origin.ACME);
      assertThat(folder(NAME)).isDirectory();
      assertThat(archived(NAME)).isEmpty();
      assertThat(Files.exists(folder(NAME).resolve("127.0.0.1_1_dir/state.json")))
          .as("an order is written down before it begins")
          .isFalse();
      assertThat(note(NAME)).contains("\"wanted\"", "\"unwantedSeconds\" : 0");
    }
  }

  @Test
  void aNameThatNobodyHasWantedYetHasItsWeekFromTheFirstLookOn() throws Exception {
    store(NAME);
    store(OTHER);
    try (Instance _ = start().want(OTHER)) {
      pass(ArchiveKeeper.SWEEP, NAME);
      assertThat(note(NAME)).doesNotContain("\"wanted\"");
      for (int day = 0; day < 7; day++) {
        assertThat(folder(NAME)).isDirectory();
        pass(DAY, NAME);
      }
      assertThat(folder(NAME)).doesNotExist();
      assertThat(archived(NAME)).hasSize(1);
    }
  }

  @Test
  void anInstanceThatWantsTheNameKeepsItForAllOthers() throws Exception {
    store(NAME);
    store(OTHER);
    try (Instance _ = start().want(OTHER);
        Instance late = start().want(OTHER)) {
      pass(ArchiveKeeper.SWEEP, NAME);
      for (int day = 0; day < 6; day++) {
        pass(DAY, NAME);
      }
      late.want(NAME, OTHER);
      clock.advance(ArchiveKeeper.SWEEP);
      await().atMost(PATIENCE).until(() -> note(NAME).contains("\"wanted\""));
      for (int day = 0; day < 9; day++) {
        pass(DAY, NAME);
        await().atMost(PATIENCE).until(() -> note(NAME).contains("\"unwantedSeconds\" : 0"));
      }
      assertThat(folder(NAME)).isDirectory();
      assertThat(archived(NAME)).isEmpty();
    }
  }

  @Test
  void whatAnotherInstanceArchivedAndThisOneServesIsBroughtBack() throws Exception {
    KeyAndChain pair = store(NAME);
    store(OTHER);
    try (Instance instance = start().want(NAME, OTHER)) {
      Path stamp = directory.resolve("archive").resolve(NAME).resolve("20261126T080000Z-0123ab");
      Files.createDirectories(stamp.getParent());
      Files.move(folder(NAME), stamp);
      clock.advance(ArchiveKeeper.SWEEP);
      await().atMost(PATIENCE).until(() -> Files.isDirectory(folder(NAME)));
      assertThat(shows(instance, NAME, pair)).isTrue();
      assertThat(origins(instance, NAME)).containsOnly(Origin.ACME);
    }
  }

  @Test
  void twoInstancesArchiveEachNameOnce() throws Exception {
    List<String> names =
        IntStream.range(0, 20).mapToObj(i -> "n%d.example.org".formatted(i)).toList();
    for (String name : names) {
      store(name);
    }
    store(OTHER);
    try (Instance _ = start().want(OTHER);
        Instance _ = start().want(OTHER)) {
      clock.advance(ArchiveKeeper.SWEEP);
      await().atMost(PATIENCE).until(() -> names.stream().allMatch(this::isNoted));
      for (int day = 0; day < 7; day++) {
        List<String> before = names.stream().map(this::note).toList();
        clock.advance(DAY);
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    IntStream.range(0, names.size())
                        .noneMatch(i -> note(names.get(i)).equals(before.get(i))));
      }
      for (String name : names) {
        await().atMost(PATIENCE).until(() -> !Files.exists(folder(name)));
        assertThat(archived(name)).hasSize(1);
        assertThat(archived(name).getFirst().resolve("127.0.0.1_1_dir/current/fullchain.pem"))
            .exists();
      }
    }
  }

  @Test
  void aClusterThatWasOffForTwoWeeksArchivesNothingForIt() throws Exception {
    store(NAME);
    store(OTHER);
    try (Instance _ = start().want(OTHER)) {
      pass(ArchiveKeeper.SWEEP, NAME);
      pass(DAY, NAME);
      pass(DAY, NAME);
    }
    clock.advance(Duration.ofDays(14));
    try (Instance _ = start().want(OTHER)) {
      pass(ArchiveKeeper.SWEEP, NAME);
      for (int day = 2; day < 7; day++) {
        assertThat(folder(NAME)).isDirectory();
        pass(DAY, NAME);
      }
      assertThat(folder(NAME)).doesNotExist();
    }
  }

  @Test
  void nothingIsArchivedWhileNotAllRoutesAreKnown() throws Exception {
    store(NAME);
    store(OTHER);
    complete.set(false);
    try (Instance _ = start().want(OTHER)) {
      clock.advance(ArchiveKeeper.SWEEP);
      await().atMost(PATIENCE).until(() -> isNoted(OTHER));
      for (int day = 0; day < 10; day++) {
        pass(DAY, OTHER);
      }
      assertThat(isNoted(NAME)).as("nobody can tell whether it is wanted").isFalse();

      complete.set(true);
      clock.advance(ArchiveKeeper.SWEEP);
      await().atMost(PATIENCE).until(() -> isNoted(NAME));
      assertThat(note(NAME)).as("its week begins now").contains("\"unwantedSeconds\" : 0");
    }
  }

  @Test
  void aProxyThatRoutesNothingArchivesNothing() throws Exception {
    store(NAME);
    AtomicBoolean asked = new AtomicBoolean();
    try (Instance instance =
        new Instance(ACME, Instance.storage(directory), clock, StorageAccess.DIRECT)) {
      instance.manager.archiveUnwanted(
          () -> {
            asked.set(true);
            return true;
          });
      instance.want();
      for (int day = 0; day < 9; day++) {
        asked.set(false);
        clock.advance(DAY);
        await().atMost(PATIENCE).untilTrue(asked);
      }
      asked.set(false);
      clock.advance(DAY);
      await().atMost(PATIENCE).untilTrue(asked); // by now the look before has ended
      assertThat(folder(NAME)).isDirectory();
      assertThat(isNoted(NAME)).isFalse();
    }
  }

  @Test
  void aStorageThatFailsAtTheMoveIsToldOfAndTriedAgain() throws Exception {
    store(NAME);
    store(OTHER);
    AtomicBoolean fails = new AtomicBoolean();
    StorageAccess access =
        new StorageAccess() {
          @Override
          public void before(Path path) {}

          @Override
          public void before(Step step, Path path) throws IOException {
            if (fails.get()
                && step == Step.RENAME
                && path.startsWith(directory.resolve("archive"))) {
              throw new IOException("No space left on device");
            }
          }
        };
    try (Instance instance = start(access).want(OTHER)) {
      pass(ArchiveKeeper.SWEEP, NAME);
      for (int day = 0; day < 6; day++) {
        pass(DAY, NAME);
      }
      fails.set(true);
      clock.advance(DAY);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(instance.manager.storageProblems())
                      .containsExactly(
                          "storage %s: full (fix: free some space on it)".formatted(directory)));
      assertThat(folder(NAME)).isDirectory();

      fails.set(false);
      await().atMost(PATIENCE).until(() -> !Files.exists(folder(NAME)));
      await().atMost(PATIENCE).until(() -> instance.manager.storageProblems().isEmpty());
      assertThat(archived(NAME)).hasSize(1);
    }
  }

  @Test
  void aNameThatWentAndCameBackBetweenTwoLooksIsNotCounted() throws Exception {
    store(NAME);
    store(OTHER);
    try (Instance instance = start().want(NAME, OTHER)) {
      pass(ArchiveKeeper.SWEEP, NAME);
      String before = note(NAME);
      instance.want(OTHER);
      instance.want(NAME, OTHER);
      store("c.example.org");
      clock.advance(ArchiveKeeper.SWEEP);
      await()
          .atMost(PATIENCE)
          .until(() -> isNoted("c.example.org")); // the last one that is looked at
      assertThat(note(NAME)).isEqualTo(before);
    }
  }

  /** Moves the time and waits until it was noted of a name that it has passed. */
  private void pass(Duration time, String name) {
    String before = note(name);
    clock.advance(time);
    await().atMost(PATIENCE).until(() -> !note(name).equals(before));
  }

  private boolean isNoted(String name) {
    return Files.exists(folder(name).resolve("wanted.json"));
  }

  /** Empty when there is none, or no folder. */
  private String note(String name) {
    try {
      Path note = folder(name).resolve("wanted.json");
      if (Files.exists(note)) {
        return Files.readString(note);
      }
      return Files.exists(folder(name)) ? "" : "gone";
    } catch (IOException e) {
      return "gone"; // right now
    }
  }

  private Path folder(String name) {
    return directory.resolve("certificates").resolve(name);
  }

  private List<Path> archived(String name) throws IOException {
    Path home = directory.resolve("archive").resolve(name);
    if (!Files.exists(home)) {
      return List.of();
    }
    try (Stream<Path> stamps = Files.list(home)) {
      return new ArrayList<>(stamps.toList());
    }
  }

  private Instance start() {
    return start(StorageAccess.DIRECT);
  }

  private Instance start(StorageAccess access) {
    Instance instance = new Instance(ACME, Instance.storage(directory), clock, access);
    instance.manager.archiveUnwanted(complete::get);
    return instance;
  }

  /** Who signed what a name was served with, each time that something changed. */
  private static List<Origin> origins(Instance instance, String name) {
    return instance.heard.stream()
        .map(all -> Optional.ofNullable(all.byHost().get(host(name))))
        .flatMap(Optional::stream)
        .map(ServedCertificate::origin)
        .toList();
  }

  private static boolean shows(Instance instance, String name, KeyAndChain pair) {
    return instance.served(name).filter(served -> served.chain().equals(pair.chain())).isPresent();
  }

  private KeyAndChain store(String name) throws Exception {
    KeyPair key = Keys.newP256();
    KeyAndChain pair =
        new KeyAndChain(
            key.getPrivate(),
            List.of(
                new CertificateBuilder(
                        "test", key.getPublic(), clock.instant(), Duration.ofDays(90))
                    .name(host(name))
                    .selfSigned(key)));
    try (Storage storage = new Storage(Instance.storage(directory), StorageAccess.DIRECT)) {
      new CertificateStorage(storage, CA).save(host(name), pair, clock.instant());
    }
    return pair;
  }
}
