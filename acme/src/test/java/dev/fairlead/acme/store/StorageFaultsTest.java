package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a share does wrong while a certificate is stored: a sentence, and the old one stays. */
class StorageFaultsTest {

  private static final HostPattern HOST = new HostPattern(false, "stale.example.org");
  private static final URI CA = URI.create("https://ca.example.org/directory");
  private static final Instant NOW = Instant.parse("2026-11-26T08:00:00Z");

  @TempDir Path directory;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Fault fault = (step, path) -> {};
  private Storage storage;
  private CertificateStorage certificates;
  private KeyAndChain old;

  /** What goes wrong, and when. */
  @FunctionalInterface
  private interface Fault {
    void at(Optional<StorageAccess.Step> step, Path path) throws IOException;
  }

  @BeforeEach
  void storeOne() throws Exception {
    storage =
        new Storage(
            new StorageSettings(directory, Duration.ofSeconds(20)),
            new StorageAccess() {
              @Override
              public void before(Path path) throws IOException {
                fault.at(Optional.empty(), path);
              }

              @Override
              public void before(Step step, Path path) throws IOException {
                fault.at(Optional.of(step), path);
              }
            });
    certificates = new CertificateStorage(storage, CA);
    old = TestPair.of(HOST);
    certificates.save(HOST, old, NOW);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private NameStateStorage states() {
    return new NameStateStorage(storage, CA);
  }

  @ParameterizedTest
  @EnumSource
  void aFullDiskLeavesTheOldOneInUseWhereverItIsNoticed(StorageAccess.Step noticed)
      throws Exception {
    for (String error : new String[] {"No space left on device", "Disk quota exceeded"}) {
      fault = failAt(noticed, error);
      assertThatThrownBy(() -> certificates.save(HOST, TestPair.of(HOST), NOW.plusSeconds(1)))
          .isInstanceOf(StorageException.class)
          .hasMessage("storage %s: full (fix: free some space on it)".formatted(directory));
      assertThatThrownBy(() -> states().save(HOST, NameState.issued()))
          .hasMessageContaining(": full (");
    }
    assertThat(storage.problems().current()).hasSize(1);
    assertThatTheOldOneIsInUse();

    fault = (step, path) -> {};
    KeyAndChain next = TestPair.of(HOST);
    certificates.save(HOST, next, NOW.plusSeconds(2));
    assertThat(certificates.loadFresh(HOST).pair()).contains(next);
    states().save(HOST, NameState.issued());
    assertThat(storage.problems().current()).isEmpty();
  }

  @Test
  void aShareThatBecameReadOnlySaysSoAndIsStillRead() throws Exception {
    fault = failAt(StorageAccess.Step.WRITE, "Read-only file system");
    assertThatThrownBy(() -> certificates.save(HOST, TestPair.of(HOST), NOW.plusSeconds(1)))
        .hasMessage(
            "storage %s: mounted read-only (fix: mount it with rw, or set storage.path to a directory that can be written)"
                .formatted(directory));
    assertThatTheOldOneIsInUse();
  }

  @Test
  void aBrokenDiskOrASoftMountSaysWhereToLook() throws Exception {
    fault = failAt(StorageAccess.Step.SYNC, "Input/output error");
    assertThatThrownBy(() -> certificates.save(HOST, TestPair.of(HOST), NOW.plusSeconds(1)))
        .hasMessageStartingWith("storage %s: input/output error, EIO (fix: ".formatted(directory));
    assertThatTheOldOneIsInUse();
  }

  @Test
  void filesThatTheServerReplacedAreAskedForAgain() throws Exception {
    fault =
        (step, path) -> {
          if (path.endsWith("fullchain.pem") && asked.incrementAndGet() <= 2) {
            throw new FileSystemException(path.toString(), null, "Stale file handle");
          }
        };
    assertThat(load().pair()).contains(old);
    assertThat(asked).hasValue(3);

    asked.set(0);
    fault = (step, path) -> failOnce(path, "privkey.pem");
    KeyAndChain next = TestPair.of(HOST);
    certificates.save(HOST, next, NOW.plusSeconds(1));
    assertThat(load().pair()).contains(next);
  }

  @Test
  void handlesThatStayStaleAreNamed() throws Exception {
    fault =
        (step, path) -> {
          throw new FileSystemException(path.toString(), null, "Stale file handle");
        };
    assertThatThrownBy(this::load)
        .hasMessageStartingWith(
            "storage %s: the server does not know its files any more, ESTALE (fix: "
                .formatted(directory));
    fault = (step, path) -> {};
    assertThat(load().pair()).contains(old);
  }

  @Test
  void aDirectoryThatFailsWhileItIsListedIsLikeOneThatCannotBeOpened() throws Exception {
    NameArchive archive = new NameArchive(storage, List.of(CA));
    fault = failWhileListing("Input/output error", Integer.MAX_VALUE);
    assertThatThrownBy(archive::stored)
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("storage %s: input/output error, EIO (fix: ".formatted(directory));
    assertThat(storage.problems().current()).hasSize(1);

    asked.set(0);
    fault = failWhileListing("Stale file handle", 2);
    assertThat(archive.stored()).containsExactly(NameFolder.of(HOST));
    assertThat(asked).hasValue(3);
    assertThat(storage.problems().current()).isEmpty();
  }

  /** As {@link Files#list} does it: what it throws later is unchecked. */
  private Fault failWhileListing(String error, int times) {
    return (step, path) -> {
      if (path.endsWith("certificates") && asked.incrementAndGet() <= times) {
        throw new UncheckedIOException(new FileSystemException(path.toString(), null, error));
      }
    };
  }

  @Test
  void aHostMayBeCalledWhatErrorsAreCalled() {
    assertThat(Explain.isStale(new FileSystemException("/a/stale.example.org"))).isFalse();
    assertThat(Explain.isStale(new FileSystemException("/a", null, "Stale file handle"))).isTrue();
    assertThat(Explain.isBroken(new IOException("Input/output error"))).isTrue();
    assertThat(Explain.isBroken(new IOException((String) null))).isFalse();
  }

  @Test
  void aDirectoryOfSomebodyElseIsNamedWithTheFix() {
    fault =
        (step, path) -> {
          throw new AccessDeniedException(path.toString());
        };
    assertThatThrownBy(() -> certificates.save(HOST, TestPair.of(HOST), NOW.plusSeconds(1)))
        .hasMessage(
            "storage %2$s: not readable and writable for uid %1$s (fix: chown -R %1$s %2$s && chmod 700 %2$s, on an NFS share at its server)"
                .formatted(Explain.uid(), directory));
  }

  @Test
  void whatTheServerSquashedIsReadAndNamedByTheCheck() throws Exception {
    assumeThat(Explain.uid()).as("only root may give files away").isEqualTo("0");
    fault =
        (step, path) -> {
          if (path.endsWith("lock") && path.toString().contains(".check-")) {
            Files.setAttribute(path.resolveSibling("file"), "unix:uid", 65534);
          }
        };
    assertThat(new StorageCheck(storage, Clock.systemUTC()).run())
        .filteredOn(result -> result.level() == CheckResult.Level.WARNING)
        .singleElement()
        .satisfies(
            result ->
                assertThat(result.sentence())
                    .startsWith(
                        "storage %s: what uid 0 writes belongs to uid 65534 there, the server squashes it"
                            .formatted(directory)));
    assertThat(load().pair()).contains(old);
  }

  private void failOnce(Path path, String name) throws IOException {
    if (path.endsWith(name) && asked.incrementAndGet() == 1) {
      throw new FileSystemException(path.toString(), null, "Stale file handle");
    }
  }

  private static Fault failAt(StorageAccess.Step noticed, String error) {
    return (step, path) -> {
      if (step.equals(Optional.of(noticed))) {
        throw new FileSystemException(path.toString(), null, error);
      }
    };
  }

  private void assertThatTheOldOneIsInUse() throws Exception {
    LoadedPair loaded = load();
    assertThat(loaded.pair()).contains(old);
    assertThat(loaded.remarks()).isEmpty();
    try (Stream<Path> entries = Files.list(folder())) {
      assertThat(entries.map(Path::getFileName).map(Path::toString))
          .as("nothing half written is left on a full disk")
          .noneMatch(name -> name.startsWith("."));
    }
  }

  private LoadedPair load() throws StorageException, InterruptedException {
    return certificates.loadIfChanged(HOST, Optional.empty()).orElseThrow();
  }

  private Path folder() {
    return directory.resolve("certificates/stale.example.org/ca.example.org_directory");
  }
}
