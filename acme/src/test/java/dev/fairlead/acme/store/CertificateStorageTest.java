package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateStorageTest {

  private static final HostPattern HOST = new HostPattern(false, "shop.example.org");
  private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");
  private static final URI DIRECTORY = URI.create("https://acme-v02.api.letsencrypt.org/directory");

  @TempDir Path directory;
  private final AtomicBoolean cut = new AtomicBoolean();
  private Storage storage;
  private CertificateStorage certificates;

  @BeforeEach
  void open() {
    storage = new Storage(settings(), this::cutBeforeChain);
    certificates = new CertificateStorage(storage, DIRECTORY);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void keepsAKeyWithItsChain() throws Exception {
    KeyAndChain pair = pair();
    certificates.save(HOST, pair, NOW);
    assertThat(load().pair()).contains(pair);
    assertThat(folder().resolve("current/fullchain.pem")).exists();
    assertThat(folder().resolve("current/privkey.pem")).exists();
  }

  @Test
  void whatIsUnchangedIsNotReadAgain() throws Exception {
    certificates.save(HOST, pair(), NOW);
    assertThat(certificates.loadIfChanged(HOST, load().generation())).isEmpty();
  }

  @Test
  void keepsTheLastGoodGenerationAndNoOlder() throws Exception {
    certificates.save(HOST, pair(), NOW);
    certificates.save(HOST, pair(), NOW.plusSeconds(1));
    KeyAndChain last = pair();
    certificates.save(HOST, last, NOW.plusSeconds(2));
    try (Stream<Path> entries = Files.list(folder())) {
      assertThat(entries.map(entry -> entry.getFileName().toString()).sorted())
          .satisfiesExactly(
              one -> assertThat(one).startsWith("20261123T101501Z-"),
              two -> assertThat(two).startsWith("20261123T101502Z-"),
              link -> assertThat(link).isEqualTo("current"));
    }
    assertThat(load().pair()).contains(last);
  }

  @Test
  void aWriterThatDiesHalfwayLeavesTheOldOneInUse() throws Exception {
    KeyAndChain old = pair();
    certificates.save(HOST, old, NOW);
    cut.set(true);
    assertThatThrownBy(() -> certificates.save(HOST, pair(), NOW.plusSeconds(1)))
        .isInstanceOf(StorageException.class);
    assertThat(load()).satisfies(loaded -> assertThat(loaded.pair()).contains(old));
    assertThat(load().remarks()).isEmpty();

    cut.set(false);
    certificates.save(HOST, pair(), NOW.plusSeconds(2));
    try (Stream<Path> entries = Files.list(folder())) {
      assertThat(entries.filter(entry -> entry.getFileName().toString().startsWith(".")))
          .as("what was half written is removed")
          .isEmpty();
    }
  }

  @Test
  void aKeyOfAnotherCertificateIsPassedOverWithASentence() throws Exception {
    KeyAndChain old = pair();
    certificates.save(HOST, old, NOW);
    certificates.save(HOST, pair(), NOW.plusSeconds(1));
    Files.writeString(folder().resolve("current/privkey.pem"), Pem.of(pair().privateKey()));

    LoadedPair loaded = load();
    assertThat(loaded.pair()).contains(old);
    assertThat(loaded.remarks())
        .singleElement()
        .asString()
        .contains("ignored, its key does not belong to its certificate");
  }

  @Test
  void halfAFileIsPassedOverAndItsTextNotShown() throws Exception {
    certificates.save(HOST, pair(), NOW);
    Path key = folder().resolve("current/privkey.pem");
    String text = Files.readString(key);
    Files.writeString(key, text.substring(0, text.length() / 2));

    LoadedPair loaded = load();
    assertThat(loaded.pair()).isEmpty();
    assertThat(loaded.remarks().toString())
        .contains("no private key in it")
        .doesNotContain(text.substring(40, 60));
  }

  @Test
  void aKeyThatOthersMayReadIsUsedAndNamed() throws Exception {
    certificates.save(HOST, pair(), NOW);
    Path key = folder().resolve("current/privkey.pem").toRealPath();
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(load().pair()).isPresent();
    assertThat(load().remarks())
        .containsExactly("%1$s: readable by others (fix: chmod 600 %1$s)".formatted(key));
  }

  @Test
  void aReaderNeverSeesHalfAPair() throws Exception {
    certificates.save(HOST, pair(), NOW);
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 1; i <= 40; i++) {
                  certificates.save(HOST, pair(), NOW.plusSeconds(i));
                }
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    int looks = 0;
    while (!writer.isDone() || looks == 0) {
      LoadedPair loaded = load();
      assertThat(loaded.pair()).as("%s", loaded.remarks()).isPresent();
      looks++;
    }
    writer.get(60, TimeUnit.SECONDS);
  }

  @Test
  void certificatesOfAnotherCaAreNotSeen() throws Exception {
    certificates.save(HOST, pair(), NOW);
    URI staging = URI.create("https://acme-staging-v02.api.letsencrypt.org/directory");
    assertThat(new CertificateStorage(storage, staging).loadFresh(HOST).pair()).isEmpty();
  }

  @Test
  void whatWasGivenUpIsNotWrittenLater() throws Exception {
    certificates.save(HOST, pair(), NOW);
    LoadedPair before = load();
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    AtomicBoolean hang = new AtomicBoolean(true);
    StorageAccess slow =
        path -> {
          if (hang.get() && path.endsWith("fullchain.pem")) {
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
        };
    try (Storage share =
        new Storage(new StorageSettings(directory, Duration.ofMillis(200)), slow)) {
      CertificateStorage late = new CertificateStorage(share, DIRECTORY);
      assertThatThrownBy(() -> late.save(HOST, pair(), NOW.plusSeconds(1)))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("no answer within 0.2s");
      hang.set(false);
      share.later(done::countDown);
      goOn.countDown();
      done.await();
    }
    certificates.loadFresh(HOST);
    assertThat(load().generation()).isEqualTo(before.generation());
  }

  @Test
  void namesOfFilesAreSafe() {
    assertThat(FileNames.of(new HostPattern(true, "example.org")))
        .isEqualTo("_wildcard.example.org");
    assertThat(FileNames.of(DIRECTORY)).isEqualTo("acme-v02.api.letsencrypt.org_directory");
    assertThat(FileNames.of(URI.create("https://ca.lan:14000/a/../../b")))
        .isEqualTo("ca.lan_14000_a_.._.._b");
    String longest = "a.".repeat(126) + "a";
    assertThat(FileNames.of(new HostPattern(false, longest))).hasSizeLessThan(200);
    assertThat(FileNames.isToken("../../etc/passwd")).isFalse();
    assertThat(FileNames.isToken("a".repeat(129))).isFalse();
    assertThat(FileNames.isToken("")).isFalse();
    assertThat(FileNames.isToken("Zm9v-_9")).isTrue();
  }

  private LoadedPair load() throws IOException, InterruptedException {
    return certificates.loadIfChanged(HOST, Optional.empty()).orElseThrow();
  }

  private Path folder() {
    return directory.resolve(
        "certificates/shop.example.org/acme-v02.api.letsencrypt.org_directory");
  }

  private StorageSettings settings() {
    return new StorageSettings(directory, Duration.ofMinutes(1));
  }

  private void cutBeforeChain(Path path) throws IOException {
    if (cut.get() && path.endsWith("fullchain.pem") && path.toString().contains(".new-")) {
      throw new IOException("power cut");
    }
  }

  private static KeyAndChain pair() {
    KeyPair key = Keys.newP256();
    return new KeyAndChain(
        key.getPrivate(),
        List.of(
            new CertificateBuilder("test", key.getPublic(), Instant.now(), Duration.ofDays(1))
                .name(HOST)
                .selfSigned(key)));
  }
}
