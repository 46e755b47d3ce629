package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Folders of names go to the archive and come back, whole. */
class NameArchiveTest {

  private static final HostPattern HOST = new HostPattern(false, "old.example.org");
  private static final NameFolder NAME = NameFolder.of(HOST);
  private static final URI CA = LockHolder.CA;
  private static final URI OTHER_CA = URI.create("https://other.example.org/directory");
  private static final Duration LIFE = Duration.ofDays(90);

  @TempDir Path directory;
  private final Instant now = Instant.now();
  private volatile Optional<StorageAccess.Step> failing = Optional.empty();
  private Storage storage;
  private Locks locks;
  private NameArchive archive;

  @BeforeEach
  void open() {
    storage =
        new Storage(
            new StorageSettings(directory, Duration.ofSeconds(20)),
            new StorageAccess() {
              @Override
              public void before(Path path) {}

              @Override
              public void before(Step step, Path path) throws IOException {
                if (failing.equals(Optional.of(step))) {
                  throw new IOException("No space left on device");
                }
              }
            });
    locks = new Locks(storage, Clock.systemUTC());
    archive = new NameArchive(storage, List.of(CA));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void theWholeFolderGoesAndComesBackAsItWas() throws Exception {
    KeyAndChain pair = save(CA, now, LIFE);
    save(OTHER_CA, now, LIFE);
    states().save(HOST, NameState.issued());
    PersistMemory memory = PersistMemory.NOTHING.withIssuers(List.of("ca.example.org"));
    new PersistStorage(storage, CA).save(HOST, memory);
    List<String> before = files(folder());

    Path there = put();
    assertThat(there.getParent()).isEqualTo(home());
    assertThat(files(there)).isEqualTo(before);
    assertThat(folder()).doesNotExist();
    assertThat(archive.stored()).isEmpty();
    assertThat(archive.archived()).containsExactly(NAME);
    assertThat(archive.isArchived(HOST)).isTrue();

    assertThat(restore()).isTrue();
    assertThat(files(folder())).containsAll(before).contains("wanted.json");
    assertThat(archive.note(NAME)).contains(WantedNote.wanted(now));
    assertThat(certificates(CA).loadFresh(HOST).pair()).contains(pair);
    assertThat(new PersistStorage(storage, CA).load(HOST)).isEqualTo(memory);
    assertThat(home()).as("nothing is left").doesNotExist();
    assertThat(archive.isArchived(HOST)).isFalse();
  }

  @Test
  void whatIsArchivedAgainReplacesNothingAndTheNewestComesBack() throws Exception {
    save(CA, now, LIFE);
    Path first = put();
    KeyAndChain newer = save(CA, now, LIFE);
    Path second = underLock(() -> archive.put(NAME, now.plusSeconds(1)));
    assertThat(first).isDirectory();
    assertThat(second).isDirectory().isNotEqualTo(first);

    assertThat(restore()).isTrue();
    assertThat(certificates(CA).loadFresh(HOST).pair()).contains(newer);
    assertThat(first).as("is kept").isDirectory();
  }

  @Test
  void onlyWhatIsGoodAndOfUseComesBack() throws Exception {
    KeyAndChain good = save(CA, now.minus(Duration.ofDays(5)), LIFE);
    put();
    save(CA, now.minus(Duration.ofDays(100)), LIFE);
    Path ended = underLock(() -> archive.put(NAME, now.plusSeconds(1)));
    save(OTHER_CA, now, LIFE);
    Path other = underLock(() -> archive.put(NAME, now.plusSeconds(2)));
    save(CA, now, LIFE);
    Files.writeString(folder().resolve("ca.example.org_directory/current/privkey.pem"), "");
    Path damaged = underLock(() -> archive.put(NAME, now.plusSeconds(3)));

    assertThat(restore()).isTrue();
    assertThat(certificates(CA).loadFresh(HOST).pair()).contains(good);
    assertThat(List.of(ended, other, damaged)).allSatisfy(path -> assertThat(path).isDirectory());
  }

  @Test
  void whereNothingIsGoodNothingIsTouched() throws Exception {
    assertThat(restore()).isFalse();
    assertThat(home()).doesNotExist();

    save(CA, now.minus(Duration.ofDays(100)), LIFE);
    Path ended = put();
    states().save(HOST, NameState.issued());
    assertThat(restore()).isFalse();
    assertThat(ended).isDirectory();
    assertThat(folder()).isDirectory();
  }

  @Test
  void whatIsInItsPlaceGoesIntoTheArchiveUnlessItIsEmpty() throws Exception {
    KeyAndChain pair = save(CA, now, LIFE);
    put();
    certificates(CA).loadFresh(HOST); // as who is about to order does
    assertThat(folder()).isDirectory();
    assertThat(restore()).isTrue();
    assertThat(home()).doesNotExist();

    put();
    states().save(HOST, NameState.issued());
    assertThat(restore()).isTrue();
    assertThat(certificates(CA).loadFresh(HOST).pair()).contains(pair);
    assertThat(stamps())
        .singleElement()
        .satisfies(it -> assertThat(files(it)).contains("state.json"));
  }

  @Test
  void whatIsGoodAndInUseStays() throws Exception {
    save(CA, now, LIFE);
    put();
    KeyAndChain pair = save(CA, now, LIFE);
    assertThat(restore()).as("there is something to load").isTrue();
    assertThat(certificates(CA).loadFresh(HOST).pair()).contains(pair);
    assertThat(stamps()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void aStorageThatFailsLosesNothing(StorageAccess.Step step) throws Exception {
    KeyAndChain pair = save(CA, now, LIFE);
    try (StorageLock _ = lock()) {
      failing = Optional.of(step);
      if (step == StorageAccess.Step.WRITE) {
        assertThatThrownBy(() -> archive.keep(NAME, WantedNote.wanted(now)))
            .isInstanceOf(StorageException.class);
      } else {
        assertThatThrownBy(() -> archive.put(NAME, now)).isInstanceOf(StorageException.class);
      }
      failing = Optional.empty();
    }
    assertThat(Files.exists(folder()) ^ !stamps().isEmpty()).isTrue();
    if (Files.exists(folder())) {
      put();
    }
    assertThat(restore()).isTrue();
    assertThat(certificates(CA).loadFresh(HOST).pair()).contains(pair);
  }

  @Test
  void whoLostTheLockMovesNothing() throws Exception {
    save(CA, now, LIFE);
    try (StorageLock lock = lock()) {
      Path leases = directory.resolve("locks").resolve(NAME.text() + ".lease");
      Files.createSymbolicLink(
          leases.resolve(Long.toString(lock.generation() + 1)), Path.of("somebody else"));
      assertThatThrownBy(() -> archive.put(NAME, now)).hasMessageContaining("lost, taken over by");
      assertThatThrownBy(() -> archive.keep(NAME, WantedNote.wanted(now)))
          .hasMessageContaining("lost");
    }
    assertThat(folder()).isDirectory();
    assertThat(stamps()).isEmpty();
    assertThat(archive.note(NAME)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"put,RENAME", "put,SYNC", "restore,RENAME", "restore,SYNC"})
  void whoIsKilledInTheMiddleOfAMoveLeavesAWholeFolderInOnePlace(String move, String step)
      throws Exception {
    KeyAndChain pair = save(CA, now, LIFE);
    if (move.equals("restore")) {
      put();
    }
    try (ChildProcess process =
        ChildProcess.start(
            ArchivingProcess.class, directory.toString(), HOST.toString(), move, step)) {
      assertThat(process.line()).isEqualTo("there");
    }
    boolean isArchived = move.equals("put") == step.equals("SYNC");
    assertThat(Files.exists(folder())).isEqualTo(!isArchived);
    assertThat(stamps()).hasSize(isArchived ? 1 : 0);

    if (!isArchived) {
      put();
    }
    assertThat(restore()).isTrue();
    assertThat(certificates(CA).loadFresh(HOST).pair()).contains(pair);
    assertThat(stamps()).isEmpty();
  }

  @Test
  void foldersThatAreNoNamesAreLeftAlone() throws Exception {
    save(CA, now, LIFE);
    Files.createDirectories(directory.resolve("certificates/lost+found"));
    Files.createDirectories(directory.resolve("certificates/.snapshot"));
    Files.createSymbolicLink(directory.resolve("certificates/link.example.org"), folder());
    HostPattern wildcard = HostPattern.parse("*.example.org").orElseThrow();
    HostPattern cut =
        HostPattern.parse(
                Stream.generate(() -> "a".repeat(49))
                    .limit(5)
                    .reduce((a, b) -> a + "." + b)
                    .orElseThrow())
            .orElseThrow();
    for (HostPattern host : List.of(wildcard, cut)) {
      states().save(host, NameState.issued());
    }
    assertThat(archive.stored())
        .containsExactlyInAnyOrder(NAME, NameFolder.of(wildcard), NameFolder.of(cut));
    assertThat(NameFolder.of(wildcard).host()).contains(wildcard);
    assertThat(NameFolder.of(cut).host()).isEmpty();
    assertThat(NameFolder.of(cut).lock()).isEqualTo(LockName.of(cut));
  }

  @Test
  void aNoteThatIsDamagedIsNone() throws Exception {
    save(CA, now, LIFE);
    assertThat(archive.note(NAME)).isEmpty();
    WantedNote note = new WantedNote(Optional.empty(), Duration.ofDays(3), now);
    try (StorageLock _ = lock()) {
      archive.keep(NAME, note);
      assertThat(archive.look(NAME)).isEqualTo(new NameArchive.Seen(true, Optional.of(note)));
    }
    Files.writeString(folder().resolve("wanted.json"), "{\"seen\": \"yesterday\"}");
    assertThat(archive.note(NAME)).isEmpty();
    put();
    try (StorageLock _ = lock()) {
      assertThat(archive.look(NAME)).isEqualTo(new NameArchive.Seen(false, Optional.empty()));
    }
    assertThat(folder()).as("a look makes none").doesNotExist();
  }

  /** What is done under the name's lock. */
  @FunctionalInterface
  private interface Move<T> {
    T run() throws Exception;
  }

  private Path put() throws Exception {
    return underLock(() -> archive.put(NAME, now));
  }

  private boolean restore() throws Exception {
    return underLock(() -> archive.restore(HOST, now, WantedNote.wanted(now)));
  }

  private <T> T underLock(Move<T> move) throws Exception {
    try (StorageLock lock = lock()) {
      T result = move.run();
      lock.giveBack();
      return result;
    }
  }

  private StorageLock lock() {
    return await().until(() -> locks.tryLock(NAME.lock()), Optional::isPresent).orElseThrow();
  }

  private KeyAndChain save(URI ca, Instant from, Duration life) throws Exception {
    KeyPair key = Keys.newP256();
    KeyAndChain pair =
        new KeyAndChain(
            key.getPrivate(),
            List.of(
                new CertificateBuilder("test", key.getPublic(), from, life)
                    .name(HOST)
                    .selfSigned(key)));
    certificates(ca).save(HOST, pair, now);
    return pair;
  }

  private CertificateStorage certificates(URI ca) {
    return new CertificateStorage(storage, ca);
  }

  private NameStateStorage states() {
    return new NameStateStorage(storage, CA);
  }

  private List<Path> stamps() throws IOException {
    if (!Files.exists(home())) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(home())) {
      return entries.toList();
    }
  }

  /** The names of all files below a folder. */
  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.map(path -> String.valueOf(path.getFileName()))
          .filter(name -> !name.equals(String.valueOf(folder.getFileName())))
          .sorted()
          .toList();
    }
  }

  private Path folder() {
    return directory.resolve("certificates").resolve(NAME.text());
  }

  private Path home() {
    return directory.resolve("archive").resolve(NAME.text());
  }
}
