package dev.fairlead.acme;

import static dev.fairlead.acme.Instance.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.CertificateCopy;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.CopiedName;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.KeySettings;
import dev.fairlead.config.bootstrap.StorageSettings;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A start while the share does not answer, with a copy of what it had. Long, as each way that a
 * share can be away is a few lines on the same set-up.
 */
class CopyTest {

  private static final String NAME = "a.example.org";
  private static final String OTHER = "b.example.org";
  private static final URI CA = URI.create("https://127.0.0.1:1/dir");
  private static final AcmeSettings ACME =
      new AcmeSettings(CA, Optional.empty(), Optional.empty(), AcmeSettings.Challenge.HTTP_01);

  private static final URI SECOND_CA = URI.create("https://127.0.0.1:1/second");
  private static final String SECOND_FOLDER = "127.0.0.1_1_second";
  private static final AcmeSettings TWO_CAS =
      CaSettings.acme(plain(CA), Optional.of(plain(SECOND_CA)), KeySettings.DEFAULT);

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration AWAY = Duration.ofSeconds(2);

  @TempDir Path directory;
  private final CountDownLatch back = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    back.countDown();
  }

  @Test
  void aColdStartServesTheCopyUntilTheShareIsBack() throws Exception {
    KeyAndChain old = store(NAME);
    copyOf(NAME);
    Files.delete(attempts(OTHER));

    try (Instance instance = startWithoutShare(ACME).want(NAME, OTHER)) {
      assertThat(instance.first(NAME)).contains(Origin.ACME);
      assertThat(instance.served(NAME).orElseThrow().chain()).isEqualTo(old.chain());
      assertThat(instance.serves(OTHER, Origin.LOCAL)).as("there is no copy of it").isTrue();
      assertThat(instance.manager.storageProblems())
          .containsExactlyInAnyOrder(
              "storage %s: no answer within 2s (expected: a share whose server is reachable)"
                  .formatted(share()),
              "storage %s: cannot be used, so certificates are served from the copy in %s, and none is ordered"
                  .formatted(share(), copy()));
      assertThat(attempts(OTHER)).as("an order is written down before it begins").doesNotExist();

      KeyAndChain renewed = store(NAME);
      back.countDown();
      await().until(() -> shows(instance, NAME, renewed));
      await().until(() -> instance.manager.storageProblems().isEmpty());
      await().until(() -> copied(NAME).equals(Optional.of(renewed)));
      await().untilAsserted(() -> assertThat(attempts(OTHER)).as("orders go on").exists());
    }
  }

  @Test
  void theSameCertificateIsNotServedAnew() throws Exception {
    store(NAME);
    copyOf(NAME);
    try (Instance instance = startWithoutShare(ACME).want(NAME)) {
      ServedCertificate before = instance.served(NAME).orElseThrow();
      back.countDown();
      await().until(() -> instance.manager.storageProblems().isEmpty());
      assertThat(instance.served(NAME).orElseThrow()).isSameAs(before);
    }
  }

  @Test
  void whatTheShareHasNoMoreIsServedNoMore() throws Exception {
    store(NAME);
    copyOf(NAME);
    delete(share().resolve("certificates").resolve(NAME));

    try (Instance instance = startWithoutShare(ACME).want(NAME)) {
      assertThat(instance.serves(NAME, Origin.ACME)).isTrue();
      back.countDown();
      await().until(() -> instance.serves(NAME, Origin.LOCAL));
      await().until(() -> copied(NAME).isEmpty());
    }
  }

  @Test
  void onceTheShareHasAnsweredTheCopyIsNotAskedAnyMore() throws Exception {
    AtomicBoolean away = new AtomicBoolean();
    StorageAccess access =
        _ -> {
          if (away.get()) {
            throw new IOException("Input/output error");
          }
        };
    store(NAME, copy());
    try (Instance instance = start(access).want(NAME)) {
      assertThat(instance.serves(NAME, Origin.LOCAL)).isTrue();
      await().until(() -> copied(NAME).isEmpty());
      store(NAME, copy());
      store(OTHER, copy());

      away.set(true);
      instance.want(NAME, OTHER);
      await().until(() -> instance.serves(OTHER, Origin.ACME));
      assertThat(instance.serves(NAME, Origin.LOCAL)).isTrue();
    }
  }

  @Test
  void whatIsOnlyDamagedOnTheShareStaysInTheCopy() throws Exception {
    KeyAndChain pair = store(NAME);
    copyOf(NAME);
    Files.writeString(folder(NAME).resolve("current/privkey.pem"), "");
    store(OTHER);
    try (Instance instance = start(StorageAccess.DIRECT).want(NAME, OTHER)) {
      assertThat(instance.serves(NAME, Origin.LOCAL)).isTrue();
      await().until(() -> copied(OTHER).isPresent());
    }
    assertThat(copied(NAME)).contains(pair);
  }

  @Test
  void aShareThatIsNotMountedAnyMoreIsNoEmptyShare() throws Exception {
    KeyAndChain pair = store(NAME);
    try (Instance instance = start(StorageAccess.DIRECT).want(NAME)) {
      await().until(() -> copied(NAME).isPresent());
      Path elsewhere = Files.move(share(), directory.resolve("elsewhere"));
      Files.createDirectory(share());
      await()
          .until(
              () ->
                  instance
                      .manager
                      .storageProblems()
                      .contains(
                          "storage %s: empty, and was not before (expected: the share that was mounted there; fix: mount it, or restart the proxy to begin anew)"
                              .formatted(share())));
      instance.want(NAME, OTHER); // which would be ordered
      assertThat(shows(instance, NAME, pair)).isTrue();
      assertThat(copied(NAME)).contains(pair);
      assertThat(share()).isEmptyDirectory();

      Files.delete(share());
      Files.move(elsewhere, share());
      await().until(() -> instance.manager.storageProblems().isEmpty());
      await().untilAsserted(() -> assertThat(attempts(OTHER)).exists());
      assertThat(copied(NAME)).contains(pair);
    }
  }

  @Test
  void aNameThatIsWantedNoMoreDoesNotKeepTheSentence() throws Exception {
    store(NAME);
    copyOf(NAME);
    try (Instance instance = startWithoutShare(ACME).want(NAME)) {
      instance.want(OTHER);
      await()
          .until(
              () ->
                  instance.manager.storageProblems().stream()
                      .noneMatch(sentence -> sentence.contains("copy")));
    }
  }

  @Test
  void aNameThatIsNotWantedForAWeekIsRemovedFromTheCopy() throws Exception {
    store(NAME);
    store(OTHER);
    MutableClock clock = new MutableClock();
    try (Instance instance = start(StorageAccess.DIRECT, clock).want(NAME, OTHER)) {
      await().until(() -> copied(NAME).isPresent() && copied(OTHER).isPresent());
      clock.advance(CopyKeeper.SWEEP);
      await().until(() -> Files.exists(noted(NAME)) && Files.exists(noted(OTHER)));

      instance.want(OTHER);
      clock.advance(Duration.ofDays(7));
      await().until(() -> !Files.exists(noted(NAME)));
      assertThat(copied(NAME)).isEmpty();
      assertThat(copied(OTHER)).isPresent();
    }
  }

  @Test
  void whatIsRenewedAndNotWantedIsNotCopied() throws Exception {
    KeyAndChain wanted = store(NAME);
    KeyAndChain unwanted = store(OTHER);
    try (Storage shared = new Storage(Instance.storage(share()), StorageAccess.DIRECT);
        CertificateCopy copy = new CertificateCopy(copy(), Duration.ofSeconds(5), shared)) {
      CopyKeeper keeper =
          new CopyKeeper(
              Optional.of(copy),
              Clock.systemUTC(),
              Instance.FAST,
              () -> Optional.of(List.of(new CopiedName(host(NAME), CA))));
      keeper.loaded(new CopiedName(host(OTHER), CA), LoadedPair.NONE, Optional.of(unwanted));
      keeper.loaded(new CopiedName(host(NAME), CA), LoadedPair.NONE, Optional.of(wanted));
      Thread thread = Thread.ofVirtual().start(keeper);
      await().until(() -> copied(NAME).equals(Optional.of(wanted)));
      thread.interrupt();
      thread.join();
    }
    assertThat(copied(OTHER)).as("it came first").isEmpty();
  }

  @Test
  void whatTheSecondCaIssuedIsServedFromTheCopyToo() throws Exception {
    KeyAndChain pair = store(NAME, share(), SECOND_CA);
    try (Instance instance = start(TWO_CAS, StorageAccess.DIRECT, Clock.systemUTC()).want(NAME)) {
      assertThat(instance.serves(NAME, Origin.ACME)).isTrue();
      await().until(() -> copied(NAME, SECOND_CA).equals(Optional.of(pair)));
    }
    try (Instance instance = startWithoutShare(TWO_CAS).want(NAME, OTHER)) {
      assertThat(instance.first(NAME)).contains(Origin.ACME);
      assertThat(shows(instance, NAME, pair)).isTrue();
      ServedCertificate before = instance.served(NAME).orElseThrow();

      store(OTHER);
      back.countDown();
      await().until(() -> instance.manager.storageProblems().isEmpty());
      await().until(() -> copied(OTHER).isPresent());
      assertThat(instance.served(NAME).orElseThrow()).isSameAs(before);
      assertThat(instance.status(NAME).directory()).contains(SECOND_CA);
      assertThat(copied(NAME, SECOND_CA)).contains(pair);
    }
  }

  @Test
  void theNewerOneOfTwoCasIsServedFromTheCopy() throws Exception {
    Instant now = Instant.now();
    store(NAME, copy(), CA, now.minus(Duration.ofDays(30)));
    KeyAndChain newer = store(NAME, copy(), SECOND_CA, now);
    try (Instance instance = startWithoutShare(TWO_CAS).want(NAME)) {
      await().until(() -> shows(instance, NAME, newer));
    }
  }

  @Test
  void theCopyKeepsWhatEitherCaIssuedForLongerThanAWeek() throws Exception {
    store(NAME);
    store(NAME, share(), SECOND_CA);
    MutableClock clock = new MutableClock();
    try (Instance instance = start(TWO_CAS, StorageAccess.DIRECT, clock).want(NAME)) {
      assertThat(instance.serves(NAME, Origin.ACME)).isTrue();
      await().until(() -> copied(NAME).isPresent() && copied(NAME, SECOND_CA).isPresent());
      clock.advance(CopyKeeper.SWEEP);
      Path first = noted(NAME);
      Path second = noted(NAME, SECOND_FOLDER);
      await().until(() -> Files.exists(first) && Files.exists(second));
      String notedFirst = Files.readString(first);
      String notedSecond = Files.readString(second);

      clock.advance(Duration.ofDays(8));
      await().until(() -> !Files.readString(first).equals(notedFirst));
      await().until(() -> !Files.readString(second).equals(notedSecond));
      assertThat(copied(NAME)).isPresent();
      assertThat(copied(NAME, SECOND_CA)).isPresent();
    }
  }

  @Test
  void aCopyThatCannotBeMadeCostsNobodyAVisitor() throws Exception {
    store(NAME);
    Files.writeString(copy(), "in the way");
    try (Instance instance = start(StorageAccess.DIRECT).want(NAME)) {
      assertThat(instance.serves(NAME, Origin.ACME)).isTrue();
      await()
          .until(
              () ->
                  instance
                      .manager
                      .storageProblems()
                      .equals(
                          List.of(
                              "storage %s: not a directory (fix: set storage.copy to a directory)"
                                  .formatted(copy()))));

      Files.delete(copy());
      await().until(() -> copied(NAME).isPresent());
      await().until(() -> instance.manager.storageProblems().isEmpty());
    }
  }

  /** A start with the share as it is, until the copy has followed. */
  private void copyOf(String name) throws Exception {
    try (Instance instance = start(StorageAccess.DIRECT).want(name, OTHER)) {
      assertThat(instance.serves(name, Origin.ACME)).isTrue();
      await().until(() -> copied(name).isPresent());
      await().untilAsserted(() -> assertThat(attempts(OTHER)).exists());
    }
  }

  private void hang(Path path) {
    try {
      back.await();
    } catch (InterruptedException e) {
      throw new AssertionError("storage threads are never interrupted", e);
    }
  }

  private Instance start(StorageAccess access) {
    return start(access, Clock.systemUTC());
  }

  private static AuthoritySettings plain(URI directory) {
    return AuthoritySettings.plain(directory, Optional.empty(), Optional.empty());
  }

  private Instance start(StorageAccess access, Clock clock) {
    return start(ACME, access, clock);
  }

  private Instance start(AcmeSettings acme, StorageAccess access, Clock clock) {
    return new Instance(acme, settings(PATIENCE), clock, access);
  }

  /** The limit is the copy's too, so it is long enough for a disk that is only slow. */
  private Instance startWithoutShare(AcmeSettings acme) {
    return new Instance(acme, settings(AWAY), Clock.systemUTC(), this::hang);
  }

  private StorageSettings settings(Duration timeout) {
    return new StorageSettings(share(), timeout, Optional.of(copy()));
  }

  private boolean shows(Instance instance, String name, KeyAndChain pair) {
    return instance.served(name).filter(served -> served.chain().equals(pair.chain())).isPresent();
  }

  private KeyAndChain store(String name) throws IOException, InterruptedException {
    return store(name, share());
  }

  private static KeyAndChain store(String name, Path place)
      throws IOException, InterruptedException {
    return store(name, place, CA);
  }

  private static KeyAndChain store(String name, Path place, URI ca)
      throws IOException, InterruptedException {
    return store(name, place, ca, Instant.now());
  }

  private static KeyAndChain store(String name, Path place, URI ca, Instant now)
      throws IOException, InterruptedException {
    KeyPair key = Keys.newP256();
    KeyAndChain pair =
        new KeyAndChain(
            key.getPrivate(),
            List.of(
                new CertificateBuilder("test", key.getPublic(), now, Duration.ofDays(60))
                    .name(host(name))
                    .selfSigned(key)));
    try (Storage storage =
        new Storage(new StorageSettings(place, Duration.ofMinutes(1)), StorageAccess.DIRECT)) {
      new CertificateStorage(storage, ca).save(host(name), pair, now);
    }
    return pair;
  }

  private Optional<KeyAndChain> copied(String name) throws IOException, InterruptedException {
    return copied(name, CA);
  }

  private Optional<KeyAndChain> copied(String name, URI ca)
      throws IOException, InterruptedException {
    try (Storage storage =
        new Storage(new StorageSettings(copy(), Duration.ofMinutes(1)), StorageAccess.DIRECT)) {
      return new CertificateStorage(storage, ca)
          .loadIfChanged(host(name), Optional.empty())
          .flatMap(LoadedPair::pair);
    }
  }

  private Path noted(String name) {
    return noted(name, "127.0.0.1_1_dir");
  }

  private Path noted(String name, String authority) {
    return copy().resolve("certificates").resolve(name).resolve(authority).resolve("wanted");
  }

  private Path attempts(String name) {
    return folder(name).resolve("state.json");
  }

  private Path folder(String name) {
    return share().resolve("certificates").resolve(name).resolve("127.0.0.1_1_dir");
  }

  private Path share() {
    return directory.resolve("share");
  }

  private Path copy() {
    return directory.resolve("copy");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        if (Files.isDirectory(entry) && !Files.isSymbolicLink(entry)) {
          delete(entry);
        } else {
          Files.delete(entry);
        }
      }
    }
    Files.delete(folder);
  }
}
