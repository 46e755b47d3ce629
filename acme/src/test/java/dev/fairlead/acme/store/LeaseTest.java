package dev.fairlead.acme.store;

import static dev.fairlead.acme.store.TestSurroundings.SILENT;
import static dev.fairlead.acme.store.TestSurroundings.nolock;
import static dev.fairlead.acme.store.TestSurroundings.withoutLocks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.LogCapture;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Locks between machines: what a holder may do, and what comes when it is silent. Long, as each way
 * to lose a lock is a few lines on the same set-up.
 */
class LeaseTest {

  private static final HostPattern HOST = new HostPattern(false, "shop.example.org");
  private static final LockName NAME = LockName.of(HOST);
  private static final URI CA = URI.create("https://ca.example.org/directory");
  private static final Instant NOW = Instant.parse("2026-11-26T08:00:00Z");
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path directory;
  private final List<Storage> storages = new ArrayList<>();

  @AfterEach
  void close() {
    storages.forEach(Storage::close);
  }

  @Test
  void theLeaseAloneKeepsOthersOutWhereFcntlLocksDoNot() throws Exception {
    Locks ours = new Locks(open(), CLOCK, LeaseTerms.NORMAL, nolock("one"));
    Locks theirs = new Locks(open(), CLOCK, LeaseTerms.NORMAL, nolock("two"));
    StorageLock lock = ours.tryLock(NAME).orElseThrow();
    assertThat(theirs.tryLock(NAME)).isEmpty();
    assertThat(theirs.holder(NAME)).startsWith("pid " + ProcessHandle.current().pid() + " on ");
    assertThat(lock.stillHeld()).isTrue();

    lock.close();
    await().until(() -> theirs.tryLock(NAME).isPresent());
  }

  @Test
  void soItIsWhereNobodyAnswersForLocks() throws Exception {
    Locks ours = new Locks(open(), CLOCK, LeaseTerms.NORMAL, withoutLocks("one"));
    Locks theirs = new Locks(open(), CLOCK, LeaseTerms.NORMAL, withoutLocks("two"));
    try (StorageLock _ = ours.tryLock(NAME).orElseThrow()) {
      assertThat(theirs.tryLock(NAME)).isEmpty();
      assertThat(ours.tryLock(NAME)).as("nor another part of the same instance").isEmpty();
    }
    await().until(() -> theirs.tryLock(NAME).isPresent());
  }

  @Test
  void oneOfManyWhoTryAtOnceGetsIt() throws Exception {
    int count = 8;
    for (int round = 1; round <= 20; round++) {
      CyclicBarrier together = new CyclicBarrier(count);
      LockName name = new LockName("round-" + round);
      List<FutureTask<Optional<StorageLock>>> tries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Locks locks = new Locks(open(), CLOCK, LeaseTerms.NORMAL, nolock("machine " + i));
        tries.add(
            inBackground(
                () -> {
                  together.await();
                  return locks.tryLock(name);
                }));
      }
      int got = 0;
      for (FutureTask<Optional<StorageLock>> each : tries) {
        got += each.get(30, TimeUnit.SECONDS).isPresent() ? 1 : 0;
      }
      assertThat(got).isEqualTo(1);
      close();
      storages.clear();
    }
  }

  @Test
  void aFolderThatFailsOnceWhileItIsListedEndsNoHeartbeat() throws Exception {
    AtomicBoolean fails = new AtomicBoolean();
    Storage storage =
        open(
            path -> {
              if (path.equals(folder()) && fails.compareAndSet(true, false)) {
                throw new UncheckedIOException(new IOException("no answer"));
              }
            });
    LeaseTerms terms =
        new LeaseTerms(Duration.ofMillis(50), Duration.ofSeconds(30), Duration.ofMinutes(5));
    Locks locks = new Locks(storage, CLOCK, terms, nolock("one"));
    try (StorageLock lock = locks.tryLock(NAME).orElseThrow()) {
      Path lease = folder().resolve(Long.toString(lock.generation()));
      fails.set(true);
      await().untilFalse(fails);

      FileTime last = Files.getLastModifiedTime(lease, LinkOption.NOFOLLOW_LINKS);
      await()
          .until(() -> !Files.getLastModifiedTime(lease, LinkOption.NOFOLLOW_LINKS).equals(last));
      assertThat(lock.stillHeld()).isTrue();
    }
  }

  @Test
  void whoFrozeAndComesBackWritesNothingAndIsTold() throws Exception {
    Storage frozen = open();
    CertificateStorage before = new CertificateStorage(frozen, CA);
    StorageLock lost = new Locks(frozen, CLOCK, SILENT, nolock("one")).tryLock(NAME).orElseThrow();
    KeyAndChain first = TestPair.of(HOST);
    before.save(HOST, first, NOW);
    NameStateStorage states = new NameStateStorage(frozen, CA);
    states.save(HOST, new NameState(new Step.Wanted(), 2, NOW, "no"));

    Storage next = open();
    CertificateStorage after = new CertificateStorage(next, CA);
    Locks theirs = new Locks(next, CLOCK, SILENT, nolock("two"));
    StorageLock taken = awaitLock(theirs);
    assertThat(taken.generation()).isGreaterThan(lost.generation());
    KeyAndChain second = TestPair.of(HOST);
    after.save(HOST, second, NOW.minusSeconds(60));

    assertThat(lost.stillHeld()).isFalse();
    String sentence =
        "lock shop.example.org: lost, taken over by pid %d on "
            .formatted(ProcessHandle.current().pid());
    assertThatThrownBy(() -> before.save(HOST, TestPair.of(HOST), NOW.plusSeconds(1)))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith(sentence);
    assertThatThrownBy(() -> states.save(HOST, NameState.issued()))
        .hasMessageStartingWith(sentence);
    assertThat(after.loadFresh(HOST).pair()).contains(second);
    assertThat(new NameStateStorage(next, CA).load(HOST).failures()).isEqualTo(2);
    assertThat(taken.stillHeld()).isTrue();

    lost.close();
    await().until(() -> frozen.leases().of(NAME).isEmpty());
    assertThat(taken.stillHeld()).as("giving back what was lost takes nothing away").isTrue();
  }

  @Test
  void everythingThatALockGuardsIsRefusedToWhoLostIt() throws Exception {
    Storage frozen = open();
    Locks ours = new Locks(frozen, CLOCK, SILENT, nolock("one"));
    Locks theirs = new Locks(open(), CLOCK, SILENT, nolock("two"));
    AccountStorage account = new AccountStorage(frozen, CA);
    for (LockName name :
        List.of(LockName.account(CA), LockName.secret("sticky"), LockName.LOCAL_CA)) {
      StorageLock _ = ours.tryLock(name).orElseThrow();
      await().until(() -> theirs.tryLock(name).isPresent());
    }
    assertThatThrownBy(() -> account.saveKey(Keys.newP256()))
        .hasMessageStartingWith("lock @account-ca.example.org_directory: lost, ");
    assertThatThrownBy(() -> account.saveUrl(URI.create("https://ca.example.org/1")))
        .hasMessageStartingWith("lock @account-ca.example.org_directory: lost, ");
    assertThatThrownBy(
            () -> new SecretStorage(frozen, "sticky").save(new byte[SecretStorage.BYTES]))
        .hasMessageStartingWith("lock @secret-sticky: lost, ");
    assertThatThrownBy(() -> new LocalCaStorage(frozen).save(TestPair.of(HOST), NOW))
        .hasMessageStartingWith("lock @local-ca: lost, ");
    assertThat(account.key()).isEmpty();
    assertThat(new SecretStorage(frozen, "sticky").load()).isEmpty();
    assertThat(new LocalCaStorage(frozen).load().pair()).isEmpty();
  }

  @Test
  void theKeyOfAnOrderIsNotRemovedByWhoLostTheNamesLock() throws Exception {
    Storage frozen = open();
    NameStateStorage states = new NameStateStorage(frozen, CA);
    StorageLock _ = new Locks(frozen, CLOCK, SILENT, nolock("one")).tryLock(NAME).orElseThrow();
    Storage next = open();
    StorageLock _ = awaitLock(new Locks(next, CLOCK, SILENT, nolock("two")));
    KeyPair theirs = Keys.newP256();
    new NameStateStorage(next, CA).saveKey(HOST, theirs);

    assertThatThrownBy(() -> states.removeKey(HOST))
        .hasMessageStartingWith("lock shop.example.org: lost, ");

    assertThat(states.key(HOST).map(KeyPair::getPublic)).contains(theirs.getPublic());
  }

  @Test
  void aRollOverOfTheAccountsKeyGoesNoFurtherOnceTheLockIsLost() throws Exception {
    Storage frozen = open();
    AccountStorage account = new AccountStorage(frozen, CA);
    LockName name = LockName.account(CA);
    KeyPair old = Keys.newP256();
    KeyPair next = Keys.newP256();
    StorageLock _ = new Locks(frozen, CLOCK, SILENT, nolock("one")).tryLock(name).orElseThrow();
    account.saveKey(old);
    account.saveNextKey(next);
    Locks theirs = new Locks(open(), CLOCK, SILENT, nolock("two"));
    await().until(() -> theirs.tryLock(name).isPresent());

    String sentence = "lock @account-ca.example.org_directory: lost, ";
    assertThatThrownBy(account::takeNextKey).hasMessageStartingWith(sentence);
    assertThatThrownBy(account::dropNextKey).hasMessageStartingWith(sentence);
    assertThatThrownBy(() -> account.saveNextKey(Keys.newP256())).hasMessageStartingWith(sentence);
    assertThat(account.key().map(KeyPair::getPublic)).contains(old.getPublic());
    assertThat(account.nextKey().map(KeyPair::getPublic)).contains(next.getPublic());
  }

  @Test
  void nothingAboutRenewalsIsWrittenByWhoLostTheLock() throws Exception {
    Storage frozen = open();
    RenewalStorage renewals = new RenewalStorage(frozen, CA);
    StorageLock _ = new Locks(frozen, CLOCK, SILENT, nolock("one")).tryLock(NAME).orElseThrow();
    RenewalAdvice advice =
        new RenewalAdvice("a1", Optional.empty(), Optional.empty(), NOW, NOW.plusSeconds(60));
    RenewalRequest wish = new RenewalRequest("a1", false, NOW);
    Outage outage = new Outage(2, NOW);
    renewals.saveAdvice(HOST, advice);
    renewals.saveRequest(HOST, wish);
    renewals.saveOutage(HOST, outage);
    awaitLock(new Locks(open(), CLOCK, SILENT, nolock("two")));

    String sentence = "lock shop.example.org: lost, ";
    assertThatThrownBy(
            () ->
                renewals.saveAdvice(
                    HOST, new RenewalAdvice("b2", Optional.empty(), Optional.empty(), NOW, NOW)))
        .hasMessageStartingWith(sentence);
    assertThatThrownBy(() -> renewals.saveRequest(HOST, new RenewalRequest("b2", true, NOW)))
        .hasMessageStartingWith(sentence);
    assertThatThrownBy(() -> renewals.saveOutage(HOST, new Outage(9, NOW)))
        .hasMessageStartingWith(sentence);
    assertThatThrownBy(() -> renewals.removeRequest(HOST)).hasMessageStartingWith(sentence);
    assertThatThrownBy(() -> renewals.removeOutage(HOST)).hasMessageStartingWith(sentence);
    assertThat(renewals.read(HOST))
        .isEqualTo(
            new RenewalStorage.Kept(Optional.of(advice), Optional.of(wish), Optional.of(outage)));
  }

  @Test
  void aSignOfLifeKeepsIt() throws Exception {
    LeaseTerms quick =
        new LeaseTerms(Duration.ofMillis(50), Duration.ofSeconds(30), Duration.ofMinutes(5));
    Locks ours = new Locks(open(), CLOCK, quick, nolock("one"));
    StorageLock lock = ours.tryLock(NAME).orElseThrow();
    Instant first = touched();
    await().until(() -> touched().isAfter(first));
    assertThat(lock.stillHeld()).isTrue();
    assertThat(links()).containsExactly("1");
  }

  @Test
  void aHolderHearsOnceThatItIsLost() throws Exception {
    LeaseTerms quick =
        new LeaseTerms(Duration.ofMillis(50), Duration.ofSeconds(30), Duration.ofMinutes(5));
    AtomicReference<IOException> failure = new AtomicReference<>();
    Storage cut = open(failing(".lease", failure));
    try (LogCapture log = LogCapture.of(Leases.class)) {
      StorageLock lock = new Locks(cut, CLOCK, quick, nolock("one")).tryLock(NAME).orElseThrow();
      failure.set(new IOException("Input/output error"));
      await().until(() -> !log.warnings().isEmpty());
      failure.set(null);
      await().until(() -> !lock.stillHeld());
      assertThat(log.warnings())
          .singleElement()
          .asString()
          .startsWith("lock shop.example.org: lost, its server does not know it any more");
    }
  }

  @Test
  void clocksThatAreHoursApartChangeNothing() throws Exception {
    Clock early = Clock.offset(CLOCK, Duration.ofHours(-7));
    Clock late = Clock.offset(CLOCK, Duration.ofHours(7));
    StorageLock held =
        new Locks(open(), early, LeaseTerms.NORMAL, nolock("one")).tryLock(NAME).orElseThrow();
    assertThat(new Locks(open(), late, LeaseTerms.NORMAL, nolock("two")).tryLock(NAME)).isEmpty();
    assertThat(held.stillHeld()).isTrue();

    LockName other = new LockName("other.example.org");
    StorageLock silent =
        new Locks(open(), late, SILENT, nolock("one")).tryLock(other).orElseThrow();
    Locks behind = new Locks(open(), early, SILENT, nolock("two"));
    await().until(() -> behind.tryLock(other).isPresent());
    assertThat(silent.stillHeld()).isFalse();
  }

  @Test
  void aHolderThatIsSilentButHasTheFcntlLockIsGivenMoreTime() throws Exception {
    Storage frozen = open();
    // Both of this process: its fcntl lock is refused to the other.
    StorageLock lost = new Locks(frozen, CLOCK, SILENT, null).tryLock(NAME).orElseThrow();
    Locks theirs = new Locks(open(), CLOCK, SILENT, null);
    StorageLock taken = awaitLock(theirs);
    assertThat(entry().parsed().orElseThrow().lock()).isEqualTo(LockReach.NONE);
    assertThat(lost.stillHeld()).isFalse();
    assertThat(taken.stillHeld()).isTrue();
  }

  @Test
  void aServerThatGaveTheLockAwayIsHeardAtTheNextWrite() throws Exception {
    AtomicReference<IOException> failure = new AtomicReference<>();
    Storage cut = open(failing("shop.example.org.lock", failure));
    StorageLock lock = new Locks(cut, CLOCK).tryLock(NAME).orElseThrow();
    CertificateStorage certificates = new CertificateStorage(cut, CA);
    failure.set(new IOException("Input/output error"));
    assertThatThrownBy(() -> certificates.save(HOST, TestPair.of(HOST), NOW))
        .hasMessage(
            "lock shop.example.org: lost, its server does not know it any more, it says:"
                + " Input/output error; what this instance has for it is not written (fix: none"
                + " needed, it is looked at again; when it comes often, see \"When a lock is lost\""
                + " in docs/storage.md)");
    failure.set(null);
    assertThatThrownBy(() -> certificates.save(HOST, TestPair.of(HOST), NOW))
        .as("once lost it stays lost")
        .hasMessageStartingWith("lock shop.example.org: lost, ");
    assertThat(lock.stillHeld()).isFalse();
    assertThat(certificates.loadFresh(HOST).pair()).isEmpty();

    lock.close();
    await().until(() -> new Locks(cut, CLOCK).tryLock(NAME).isPresent());
    certificates.save(HOST, TestPair.of(HOST), NOW);
  }

  @Test
  void anErrorOfWhatIsWrittenUnderALockTakesTheLockWithIt() throws Exception {
    for (String error : List.of("Input/output error", "Stale file handle")) {
      AtomicReference<IOException> failure = new AtomicReference<>();
      Storage cut = open(failing("privkey.pem", failure));
      Locks locks = new Locks(cut, CLOCK, LeaseTerms.NORMAL, nolock("one"));
      LockName name = LockName.of(HOST);
      StorageLock lock = locks.tryLock(name).orElseThrow();
      CertificateStorage certificates = new CertificateStorage(cut, CA);
      failure.set(new IOException(error));
      assertThatThrownBy(() -> certificates.save(HOST, TestPair.of(HOST), NOW))
          .hasMessageStartingWith("storage " + directory + ": ");
      failure.set(null);
      assertThatThrownBy(() -> new NameStateStorage(cut, CA).save(HOST, NameState.issued()))
          .hasMessageContaining("the storage failed under it, it says: " + error);
      lock.close();
      await().until(() -> cut.leases().of(name).isEmpty());
    }
  }

  @Test
  void aFullDiskIsNoReasonToLoseIt() throws Exception {
    AtomicReference<IOException> failure = new AtomicReference<>();
    Storage full = open(failing("privkey.pem", failure));
    StorageLock lock =
        new Locks(full, CLOCK, LeaseTerms.NORMAL, nolock("one")).tryLock(NAME).orElseThrow();
    CertificateStorage certificates = new CertificateStorage(full, CA);
    failure.set(new IOException("No space left on device"));
    assertThatThrownBy(() -> certificates.save(HOST, TestPair.of(HOST), NOW))
        .hasMessageContaining(": full (");
    failure.set(null);
    certificates.save(HOST, TestPair.of(HOST), NOW);
    assertThat(lock.stillHeld()).isTrue();
  }

  @Test
  void whatCouldNotBeGivenBackIsTakenAgainAtOnce() throws Exception {
    AtomicReference<IOException> failure = new AtomicReference<>();
    Storage storage = open(failing(".lease", failure));
    Locks locks = new Locks(storage, CLOCK, LeaseTerms.NORMAL, nolock("one"));
    StorageLock lock = locks.tryLock(NAME).orElseThrow();
    failure.set(new IOException("Input/output error"));
    lock.close();
    await().until(() -> storage.leases().of(NAME).isEmpty());
    failure.set(null);
    assertThat(locks.tryLock(NAME).orElseThrow().generation()).isEqualTo(lock.generation() + 1);
  }

  @Test
  void theVersionBeforeLeasesKeepsItByItsFcntlLock() throws Exception {
    Locks ours = new Locks(open(), CLOCK, SILENT, null);
    Files.createDirectories(directory.resolve("locks"));
    Path file = directory.resolve("locks/shop.example.org.lock");
    Files.writeString(file, "pid 4711 on old since 2026-11-01T00:00:00Z\n");
    try (FileChannel old = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock _ = old.lock()) {
      assertThat(ours.tryLock(NAME)).isEmpty();
      assertThat(ours.holder(NAME)).isEqualTo("pid 4711 on old since 2026-11-01T00:00:00Z");
    }
    assertThat(ours.tryLock(NAME)).isPresent();
    assertThat(Files.readString(directory.resolve("version"))).isEqualTo("1\n");
  }

  @Test
  void foldersThatWereRemovedByHandAreALockThatIsLost() throws Exception {
    Storage storage = open();
    StorageLock lock =
        new Locks(storage, CLOCK, LeaseTerms.NORMAL, nolock("one")).tryLock(NAME).orElseThrow();
    Files.delete(folder().resolve("1"));
    Files.delete(folder());
    assertThatThrownBy(() -> new CertificateStorage(storage, CA).save(HOST, TestPair.of(HOST), NOW))
        .hasMessageStartingWith("lock shop.example.org: lost, its file was removed from ");
    assertThat(lock.stillHeld()).isFalse();
  }

  @Test
  void aNumberThatWasGivenIsNeverGivenAgain() throws Exception {
    Files0600 files = new Files0600(StorageAccess.DIRECT);
    LeaseFolder leases = new LeaseFolder(directory, folder(), files);
    leases.prepare();
    LeaseText text = new LeaseText("late", "0123456789abcdef", "one", LockReach.NONE, false);
    assertThat(leases.create(7, text)).isTrue();
    LeaseText other = new LeaseText("next", "fedcba9876543210", "two", LockReach.NONE, false);
    assertThat(leases.create(7, other)).as("somebody has it").isFalse();
    assertThat(leases.create(7, text)).as("a request that was sent twice").isTrue();
    assertThat(leases.create(6, other)).as("judged before 7 was made").isFalse();
    leases.removeBefore(7, leases.serverTime());
    assertThat(links()).containsExactly("7");
  }

  private StorageLock awaitLock(Locks locks) {
    List<StorageLock> taken = new ArrayList<>();
    await()
        .until(
            () -> {
              locks.tryLock(NAME).ifPresent(taken::add);
              return !taken.isEmpty();
            });
    return taken.getFirst();
  }

  private static StorageAccess failing(String name, AtomicReference<IOException> failure) {
    return path -> {
      IOException now = failure.get();
      if (now != null && path.toString().contains(name)) {
        throw now;
      }
    };
  }

  private Instant touched() throws IOException {
    Path newest = folder().resolve(links().getLast());
    return Files.getLastModifiedTime(newest, LinkOption.NOFOLLOW_LINKS).toInstant();
  }

  private LeaseEntry entry() throws IOException {
    return new LeaseFolder(directory, folder(), new Files0600(StorageAccess.DIRECT))
        .newest()
        .orElseThrow();
  }

  private List<String> links() throws IOException {
    try (Stream<Path> entries = Files.list(folder())) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  private Path folder() {
    return directory.resolve("locks/shop.example.org.lease");
  }

  private <T> FutureTask<T> inBackground(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread.ofVirtual().start(task);
    return task;
  }

  private Storage open() {
    return open(StorageAccess.DIRECT);
  }

  private Storage open(StorageAccess access) {
    Storage storage = new Storage(new StorageSettings(directory, Duration.ofSeconds(20)), access);
    storages.add(storage);
    return storage;
  }
}
