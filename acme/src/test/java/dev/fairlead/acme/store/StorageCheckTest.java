package dev.fairlead.acme.store;

import static dev.fairlead.acme.store.TestSurroundings.nolock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.acme.store.CheckResult.Level;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the look at the storage finds. */
class StorageCheckTest {

  private static final LockName NAME = LockName.of(new HostPattern(false, "shop.example.org"));
  private static final Clock CLOCK = Clock.systemUTC();
  private static final LeaseTerms QUICK =
      new LeaseTerms(Duration.ofMillis(50), Duration.ofSeconds(30), Duration.ofMinutes(5));

  @TempDir Path directory;
  private final List<Storage> storages = new ArrayList<>();

  @AfterEach
  void close() {
    storages.forEach(Storage::close);
  }

  @Test
  void aDirectoryOfThisMachineIsGoodAndLeftAsItWas() throws Exception {
    assertThat(check(StorageAccess.DIRECT, CLOCK))
        .extracting(CheckResult::level)
        .containsOnly(Level.OK);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aClockThatIsHoursOffIsSaidAndMattersToNoLock() throws Exception {
    assertThat(warnings(StorageAccess.DIRECT, Clock.offset(CLOCK, Duration.ofHours(3))))
        .singleElement()
        .asString()
        .contains("s ahead (fix: NTP on both; locks do not mind");
    assertThat(warnings(StorageAccess.DIRECT, Clock.offset(CLOCK, Duration.ofHours(-3))))
        .singleElement()
        .asString()
        .contains("s behind (fix: NTP on both; locks do not mind");
  }

  @Test
  void aMountWithoutFcntlLocksIsNamed() throws Exception {
    assertThat(warnings(failing("lock", "No locks available"), CLOCK))
        .singleElement()
        .asString()
        .contains("has no fcntl locks (", "No locks available", "rpc.statd");
  }

  @Test
  void aFileSystemThatCannotSyncADirectoryIsNamed() throws Exception {
    StorageAccess access =
        new StorageAccess() {
          @Override
          public void before(Path path) {}

          @Override
          public void before(Step step, Path path) throws IOException {
            if (step == Step.SYNC && Files.isDirectory(path)) {
              throw new FileSystemException(path.toString(), null, "Invalid argument");
            }
          }
        };
    assertThat(warnings(access, CLOCK))
        .singleElement()
        .asString()
        .contains("does not take fsync of a directory (", "a power cut may lose");
  }

  @Test
  void anExclusiveCreateThatIsNoneIsAProblem() throws Exception {
    StorageAccess access =
        path -> {
          // As on a file system where the second create finds nothing of the first.
          if (path.endsWith("link") && Files.isSymbolicLink(path)) {
            Files.delete(path);
          }
        };
    assertThat(check(access, CLOCK))
        .filteredOn(result -> result.level() == Level.PROBLEM)
        .extracting(CheckResult::sentence)
        .singleElement()
        .asString()
        .contains("two may create the same file (O_EXCL)", "fix: another file system");
  }

  @Test
  void aModeThatCannotBeSetIsNamed() throws Exception {
    StorageAccess access =
        path -> {
          if (path.endsWith("lock") && path.toString().contains(".check-")) {
            Files.setPosixFilePermissions(
                path.resolveSibling("file"), PosixFilePermissions.fromString("rwxr-xr-x"));
          }
        };
    assertThat(warnings(access, CLOCK))
        .singleElement()
        .asString()
        .contains("mode rwxr-xr-x, so others may read the keys", "file_mode=0600");
  }

  @Test
  void aStorageThatCannotBeUsedIsOneSentence() {
    StorageAccess access =
        path -> {
          throw new AccessDeniedException(path.toString());
        };
    assertThatThrownBy(() -> check(access, CLOCK))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("not readable and writable for uid ");
  }

  @Test
  void locksOfAnotherProcessThatAreSeenProveThatTheyWork() throws Exception {
    try (ChildProcess holder =
        ChildProcess.start(LockHolder.class, directory.toString(), NAME.text())) {
      assertThat(holder.line()).isEqualTo("held");
      assertThat(check(StorageAccess.DIRECT, CLOCK))
          .extracting(CheckResult::sentence)
          .anySatisfy(
              sentence ->
                  assertThat(sentence)
                      .contains("locks work between this process and pid " + holder.pid())
                      .endsWith("which holds shop.example.org"));
      assertThat(new Locks(open(StorageAccess.DIRECT), CLOCK).tryLock(NAME)).isEmpty();
    }
  }

  @Test
  void aHolderThatLivesWhileItsLockCanBeHadProvesThatTheyDoNot() throws Exception {
    Storage other = open(StorageAccess.DIRECT);
    StorageLock lock =
        new Locks(other, CLOCK, QUICK, nolock("another machine")).tryLock(NAME).orElseThrow();
    LeaseTerms patient =
        new LeaseTerms(Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofMinutes(5));
    List<CheckResult> results = new StorageCheck(open(StorageAccess.DIRECT), CLOCK, patient).run();
    assertThat(results)
        .filteredOn(result -> result.level() == Level.PROBLEM)
        .singleElement()
        .satisfies(
            result ->
                assertThat(result.sentence())
                    .contains("fcntl locks do not hold between this process and pid ")
                    .contains("fix: mount it on all machines without nolock and local_lock"));
    assertThat(lock.stillHeld()).isTrue();
  }

  @Test
  void aHolderThatDiedProvesNothing() throws Exception {
    Storage other = open(StorageAccess.DIRECT);
    LeaseTerms dead =
        new LeaseTerms(Duration.ofHours(1), Duration.ofMinutes(5), Duration.ofMinutes(5));
    assertThat(new Locks(other, CLOCK, dead, nolock("another machine")).tryLock(NAME)).isPresent();
    assertThat(
            new StorageCheck(
                    open(StorageAccess.DIRECT),
                    CLOCK,
                    new LeaseTerms(
                        Duration.ofMillis(50), Duration.ofMinutes(5), Duration.ofMinutes(5)))
                .run())
        .extracting(CheckResult::level)
        .containsOnly(Level.OK);
  }

  private List<String> warnings(StorageAccess access, Clock clock) throws Exception {
    return check(access, clock).stream()
        .filter(result -> result.level() == Level.WARNING)
        .map(CheckResult::sentence)
        .toList();
  }

  private List<CheckResult> check(StorageAccess access, Clock clock) throws Exception {
    List<CheckResult> results = new StorageCheck(open(access), clock).run();
    try (Stream<Path> entries = Files.list(directory)) {
      assertThat(entries.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith(".check"));
    }
    return results;
  }

  private static StorageAccess failing(String name, String error) {
    return path -> {
      if (path.endsWith(name)) {
        throw new IOException(error);
      }
    };
  }

  private Storage open(StorageAccess access) {
    Storage storage = new Storage(new StorageSettings(directory, Duration.ofSeconds(20)), access);
    storages.add(storage);
    return storage;
  }
}
