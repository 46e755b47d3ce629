package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is not what was written is not served, even where it looks well. */
class ChecksumsTest {

  private static final HostPattern HOST = new HostPattern(false, "shop.example.org");
  private static final URI CA = URI.create("https://ca.example.org/directory");
  private static final Instant NOW = Instant.parse("2026-11-26T08:00:00Z");

  @TempDir Path directory;
  private Storage storage;
  private CertificateStorage certificates;
  private KeyAndChain first;
  private KeyAndChain second;

  @BeforeEach
  void storeTwo() throws Exception {
    storage =
        new Storage(new StorageSettings(directory, Duration.ofSeconds(20)), StorageAccess.DIRECT);
    certificates = new CertificateStorage(storage, CA);
    first = TestPair.of(HOST);
    second = TestPair.of(HOST);
    certificates.save(HOST, first, NOW);
    certificates.save(HOST, second, NOW.plusSeconds(1));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void sha256sumItselfAgrees() throws Exception {
    assumeThat(Path.of("/usr/bin/sha256sum")).isExecutable();
    Process process =
        new ProcessBuilder("/usr/bin/sha256sum", "-c", "SHA256SUMS")
            .directory(current().toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).isEqualTo("fullchain.pem: OK\nprivkey.pem: OK\n");
  }

  @Test
  void aChainThatStillReadsButIsAnotherIsPassedOverForTheLastGoodOne() throws Exception {
    Path chain = current().resolve("fullchain.pem");
    Files.writeString(chain, Pem.of(second.chain()) + Pem.of(first.chain()));
    LoadedPair loaded = load();
    assertThat(loaded.pair()).contains(first);
    assertThat(loaded.remarks())
        .containsExactly(
            "%s: ignored, fullchain.pem is not the file of SHA256SUMS; where it was changed by hand, remove SHA256SUMS (fix: none needed, it is replaced)"
                .formatted(current()));
  }

  @Test
  void aManifestThatIsDamagedIsBelievedToMeanIt() throws Exception {
    Path manifest = current().resolve("SHA256SUMS");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.substring(0, text.length() / 2));
    assertThat(load().pair()).contains(first);
  }

  @Test
  void whoChangesFilesByHandRemovesTheManifest() throws Exception {
    KeyAndChain other = TestPair.of(HOST);
    Files.writeString(current().resolve("fullchain.pem"), Pem.of(other.chain()));
    Files.writeString(current().resolve("privkey.pem"), Pem.of(other.privateKey()));
    assertThat(load().pair()).contains(first);
    Files.delete(current().resolve("SHA256SUMS"));
    assertThat(load().pair()).contains(other);
  }

  @Test
  void generationsOfTheVersionBeforeHaveNone() throws Exception {
    Files.delete(current().resolve("SHA256SUMS"));
    assertThat(load().pair()).contains(second);
    assertThat(load().remarks()).isEmpty();
  }

  @Test
  void theLocalCaHasThemToo() throws Exception {
    LocalCaStorage localCa = new LocalCaStorage(storage);
    localCa.save(first, NOW);
    assertThat(directory.resolve("local-ca/current/SHA256SUMS"))
        .content()
        .contains("  ca.pem\n", "  privkey.pem\n");
  }

  private Path current() throws Exception {
    Path folder = directory.resolve("certificates/shop.example.org/ca.example.org_directory");
    return folder.resolve(Files.readSymbolicLink(folder.resolve("current")));
  }

  private LoadedPair load() throws StorageException, InterruptedException {
    return certificates.loadIfChanged(HOST, Optional.empty()).orElseThrow();
  }
}
