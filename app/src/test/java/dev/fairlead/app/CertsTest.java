package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.NameArchive;
import dev.fairlead.acme.store.NameFolder;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.NameStateStorage;
import dev.fairlead.acme.store.RenewalAdvice;
import dev.fairlead.acme.store.RenewalAdvice.Window;
import dev.fairlead.acme.store.RenewalStorage;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.WantedNote;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look into the storage, without a proxy. */
final class CertsTest {

  private static final int NO = 1;
  private static final int CONFIGURATION = 64;
  private static final int UNAVAILABLE = 69;
  private static final URI CA = URI.create("https://ca.example.org/directory");
  private static final URI OTHER = URI.create("https://staging.example.org/directory");
  private static final Duration DAY = Duration.ofDays(1);

  private final Instant now = Instant.now();

  @TempDir private Path folder = Path.of("");
  private Storage storage;

  @BeforeEach
  void open() {
    storage =
        new Storage(
            new StorageSettings(folder.resolve("storage"), Duration.ofMinutes(1)),
            StorageAccess.DIRECT);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void theTableShowsWhatIsStoredOfEveryCa() throws Exception {
    save(CA, "shop.example.com", now, DAY.multipliedBy(90));
    save(CA, "*.example.com", now.minus(DAY.multipliedBy(60)), DAY.multipliedBy(90));
    save(OTHER, "shop.example.com", now.minus(DAY.multipliedBy(90)), DAY.multipliedBy(80));
    try (FairleadProcess process = start("certs")) {
      assertThat(process.exitCode()).isZero();
      assertThat(process.err()).isEmpty();
      List<String> lines = process.out().lines().toList();
      assertThat(lines).hasSize(4);
      assertThat(lines.getFirst()).startsWith("NAME").contains("DAYS", "GENERATION", "LAST ERROR");
      assertThat(lines.get(1))
          .startsWith("*.example.com ")
          .contains(" ca.example.org_directory ", "EC 256");
      assertThat(lines.get(2))
          .startsWith("shop.example.com  ca.example.org_directory ")
          .contains("Fairlead", " 89 ");
      assertThat(lines.get(3)).contains("staging.example.org_directory (not in use)", " -11 ");
    }
  }

  @Test
  void whatIsExpiredOrOverdueIsASentenceEachAndTheExitCode() throws Exception {
    save(CA, "good.example.com", now, DAY.multipliedBy(90));
    save(CA, "gone.example.com", now.minus(DAY.multipliedBy(91)), DAY.multipliedBy(90));
    save(CA, "late.example.com", now.minus(DAY.multipliedBy(70)), DAY.multipliedBy(90));
    String error = "http-01 failed, the CA says: no";
    NameStateStorage states = new NameStateStorage(storage, CA);
    states.save(
        host("late.example.com"), new NameState(new Step.Renewing(), 7, now.plus(DAY), error));
    states.save(host("new.example.com"), new NameState(new Step.Wanted(), 1, now.plus(DAY), error));
    try (FairleadProcess process = start("certs", "--json")) {
      assertThat(process.exitCode()).isEqualTo(NO);
      assertThat(process.err())
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .startsWith("certificate of gone.example.com: it expired at ")
                      .endsWith("it archives names that no service has any more)"),
              line ->
                  assertThat(line)
                      .startsWith("certificate of late.example.com: its renewal is overdue since ")
                      .contains(error, "next attempt at " + now.plus(DAY)),
              line ->
                  assertThat(line)
                      .startsWith("certificate of new.example.com: there is none; " + error));
      JsonNode all = new ObjectMapper().readTree(process.out());
      assertThat(all).hasSize(4);
      JsonNode good = all.get(1);
      assertThat(good.path("name").asText()).isEqualTo("good.example.com");
      assertThat(good.path("inUse").asBoolean()).isTrue();
      assertThat(good.path("daysLeft").asInt()).isEqualTo(89);
      assertThat(good.path("generation").asText()).matches("\\d{8}T\\d{6}Z-[0-9a-f]{6}");
      assertThat(good.path("lastError").isNull()).isTrue();
      assertThat(good.path("problem").isNull()).isTrue();
      JsonNode late = all.get(2);
      assertThat(late.path("failures").asInt()).isEqualTo(7);
      assertThat(late.path("lastError").asText()).isEqualTo(error);
      assertThat(Instant.parse(late.path("nextAttempt").asText())).isEqualTo(now.plus(DAY));
      assertThat(all.get(3).path("notAfter").isNull()).isTrue();
    }
  }

  @Test
  void ofTwoCasOnlyTheCertificateThatIsServedIsJudged() throws Exception {
    save(CA, "shop.example.com", now.minus(DAY.multipliedBy(91)), DAY.multipliedBy(90));
    save(OTHER, "shop.example.com", now.minus(DAY), DAY.multipliedBy(90));
    try (FairleadProcess json = start("certs", "--json", "--acme.fallback.directory=" + OTHER);
        FairleadProcess table = start("certs", "--acme.fallback.directory=" + OTHER)) {
      assertThat(json.exitCode()).isZero();
      assertThat(json.err()).isEmpty();
      JsonNode all = new ObjectMapper().readTree(json.out());
      assertThat(all).hasSize(2);
      assertThat(all.get(0).path("inUse").asBoolean()).isTrue();
      assertThat(all.get(0).path("served").asBoolean()).isFalse();
      assertThat(all.get(1).path("inUse").asBoolean()).isTrue();
      assertThat(all.get(1).path("served").asBoolean()).isTrue();
      assertThat(table.exitCode()).isZero();
      assertThat(table.out())
          .contains("ca.example.org_directory (not served)", "staging.example.org_directory ")
          .doesNotContain("not in use");
    }
  }

  @Test
  void aCertificateOfTheSecondCaThatIsOverdueSaysWhyTheFirstFails() throws Exception {
    save(OTHER, "shop.example.com", now.minus(DAY.multipliedBy(70)), DAY.multipliedBy(90));
    String error = "the CA cannot be reached";
    new NameStateStorage(storage, CA)
        .save(host("shop.example.com"), new NameState(new Step.Wanted(), 7, now.plus(DAY), error));
    try (FairleadProcess process = start("certs", "--acme.fallback.directory=" + OTHER)) {
      assertThat(process.exitCode()).isEqualTo(NO);
      assertThat(process.err())
          .singleElement()
          .asString()
          .startsWith("certificate of shop.example.com: its renewal is overdue since ")
          .endsWith(
              "; at ca.example.org_directory: %s; next attempt at %s"
                  .formatted(error, now.plus(DAY)));
    }
  }

  @Test
  void namesThatNoServiceHasAreNoProblemAndThoseInTheArchiveAreShownApart() throws Exception {
    NameArchive archive = new NameArchive(storage, List.of(CA));
    save(CA, "shop.example.com", now, DAY.multipliedBy(90));
    save(CA, "left.example.com", now.minus(DAY.multipliedBy(91)), DAY.multipliedBy(90));
    archive.keep(
        NameFolder.of(host("left.example.com")),
        new WantedNote(Optional.of(now.minus(DAY)), DAY, now));
    save(CA, "old.example.com", now.minus(DAY.multipliedBy(70)), DAY.multipliedBy(90));
    archive.put(NameFolder.of(host("old.example.com")), now.minus(DAY));
    save(CA, "old.example.com", now.minus(DAY.multipliedBy(10)), DAY.multipliedBy(90));
    archive.put(NameFolder.of(host("old.example.com")), now);

    try (FairleadProcess table = start("certs");
        FairleadProcess json = start("certs", "--json");
        FairleadProcess archived = start("certs", "--archived", "--json")) {
      assertThat(table.exitCode()).isZero();
      assertThat(table.err()).isEmpty();
      assertThat(table.out())
          .contains("left.example.com  ca.example.org_directory (not routed)")
          .doesNotContain("old.example.com");
      assertThat(json.exitCode()).isZero();
      JsonNode all = new ObjectMapper().readTree(json.out());
      assertThat(all).hasSize(2);
      assertThat(all.get(0).path("routing").asText()).isEqualTo("not-routed");
      assertThat(all.get(0).path("served").asBoolean()).isFalse();
      assertThat(all.get(1).path("routing").asText()).isEqualTo("routed");
      assertThat(all.get(1).path("served").asBoolean()).isTrue();

      assertThat(archived.exitCode()).isZero();
      assertThat(archived.err()).isEmpty();
      JsonNode old = new ObjectMapper().readTree(archived.out());
      assertThat(old).hasSize(2);
      assertThat(old)
          .allSatisfy(
              each -> {
                assertThat(each.path("name").asText()).isEqualTo("old.example.com");
                assertThat(each.path("routing").asText()).isEqualTo("archived");
                assertThat(each.path("served").asBoolean()).isFalse();
              });
      assertThat(old.get(0).path("daysLeft").asInt()).isEqualTo(19);
      assertThat(old.get(1).path("daysLeft").asInt()).isEqualTo(79);
    }
  }

  @Test
  void whatTheCaSuggestsIsWhenACertificateIsToBeReplaced() throws Exception {
    KeyAndChain pair =
        pair("shop.example.com", now.minus(DAY.multipliedBy(50)), DAY.multipliedBy(90));
    certificates(CA).save(host("shop.example.com"), pair, now);
    Window window = new Window(now.minus(DAY.multipliedBy(3)), now.minus(DAY.multipliedBy(2)));
    new RenewalStorage(storage, CA)
        .saveAdvice(
            host("shop.example.com"),
            new RenewalAdvice(
                pair.fingerprint(),
                Optional.of(window),
                Optional.empty(),
                now.minus(DAY.multipliedBy(50)),
                now));
    try (FairleadProcess process = start("certs", "--json")) {
      assertThat(process.exitCode()).isEqualTo(NO);
      assertThat(process.err())
          .singleElement()
          .asString()
          .startsWith("certificate of shop.example.com: its renewal is overdue since ");
      JsonNode one = new ObjectMapper().readTree(process.out()).get(0);
      assertThat(Instant.parse(one.path("renewAt").asText()))
          .isBetween(window.start(), window.end());
    }
  }

  @Test
  void aStorageThatIsNotThereIsSaidAndNotMade() throws Exception {
    try (FairleadProcess process = start("certs")) {
      assertThat(process.exitCode()).isEqualTo(UNAVAILABLE);
      assertThat(process.err())
          .singleElement()
          .asString()
          .startsWith("storage.path: " + folder.resolve("storage") + " does not exist");
      assertThat(folder.resolve("storage")).doesNotExist();
    }
  }

  @Test
  void whatCaddyHadIsImportedAndShown() throws Exception {
    Path data = folder.resolve("data");
    writeCaddy(data, "shop.example.com");
    try (FairleadProcess trial = importing(data, "--dry-run")) {
      assertThat(trial.exitCode()).isZero();
      assertThat(trial.out()).startsWith("shop.example.com: would be imported, good until ");
      assertThat(folder.resolve("storage")).doesNotExist();
    }
    try (FairleadProcess real = importing(data)) {
      assertThat(real.exitCode()).isZero();
      assertThat(real.err()).isEmpty();
      assertThat(real.out())
          .startsWith("shop.example.com: imported, good until ")
          .contains("of " + CA)
          .contains("the storage is " + folder.resolve("storage"))
          .doesNotContain("PRIVATE");
    }
    try (FairleadProcess process = start("certs")) {
      assertThat(process.exitCode()).isZero();
      assertThat(process.out()).contains("shop.example.com");
    }
  }

  @Test
  void settingsBeforeTheNameOfTheCommandCountToo() throws Exception {
    Path data = folder.resolve("data");
    writeCaddy(data, "shop.example.com");
    Path elsewhere = folder.resolve("elsewhere");
    try (FairleadProcess process =
        start(
            "certs", "--storage.path=" + elsewhere, "import", "--from", "caddy", data.toString())) {
      assertThat(process.exitCode()).isZero();
      assertThat(elsewhere.resolve("certificates/shop.example.com")).isDirectory();
      assertThat(folder.resolve("storage")).doesNotExist();
    }
  }

  @Test
  void helpTellsOfTheSettingsThatMatterAndTheOthersAreReadToo() throws Exception {
    try (FairleadProcess help = start("certs", "import", "--help");
        FairleadProcess other = start("certs", "--limits.streams=many")) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.out())
          .contains("--from=PROXY", "--dry-run", "--storage.path", "--acme.directory")
          .doesNotContain("--limits.", "--listeners.");
      assertThat(other.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(other.err()).singleElement().asString().startsWith("--limits.streams: ");
    }
  }

  @Test
  void whatIsWrongWithAnImportIsOneSentence() throws Exception {
    try (FairleadProcess unknown = start("certs", "import", "--from", "nginx", "/");
        FairleadProcess missing = importing(folder.resolve("none"));
        FairleadProcess plain =
            start("certs", "import", "--from", "caddy", "--ca", "http://ca", "/")) {
      assertThat(unknown.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(unknown.err().getFirst())
          .isEqualTo("--from: nginx (expected: traefik, caddy or certbot)");
      assertThat(missing.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(missing.err()).singleElement().asString().endsWith("none: does not exist");
      assertThat(plain.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(plain.err().getFirst()).startsWith("--ca: http://ca (expected: ");
      assertThat(folder.resolve("storage")).doesNotExist();
    }
  }

  private FairleadProcess importing(Path source, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("certs", "import", "--from", "caddy", source.toString()));
    arguments.addAll(List.of(more));
    return start(arguments.toArray(String[]::new));
  }

  private FairleadProcess start(String... arguments) throws Exception {
    Map<String, String> environment =
        TestSettings.environment(folder, "FAIRLEAD_ACME_DIRECTORY", CA.toString());
    return FairleadProcess.start(folder, environment, arguments);
  }

  /** As certmagic's saveCertResource writes it. */
  private void writeCaddy(Path data, String name) throws Exception {
    KeyAndChain pair = pair(name, now, DAY.multipliedBy(90));
    Path place = data.resolve("certificates/ca.example.org-directory").resolve(name);
    Files.createDirectories(place);
    Files.writeString(place.resolve(name + ".crt"), Pem.of(pair.chain()));
    Files.writeString(place.resolve(name + ".key"), Pem.of(pair.privateKey()));
    Files.writeString(
        place.resolve(name + ".json"), "{\"issuer_data\": {\"ca\": \"%s\"}}".formatted(CA));
  }

  private void save(URI directory, String name, Instant from, Duration life) throws Exception {
    certificates(directory).save(host(name), pair(name, from, life), now);
  }

  private CertificateStorage certificates(URI directory) {
    return new CertificateStorage(storage, directory);
  }

  private static KeyAndChain pair(String name, Instant from, Duration life) {
    KeyPair key = Keys.newP256();
    return new KeyAndChain(
        key.getPrivate(),
        List.of(
            new CertificateBuilder("test", key.getPublic(), from, life)
                .name(host(name))
                .selfSigned(key)));
  }

  private static HostPattern host(String name) {
    return HostPattern.parse(name).orElseThrow();
  }
}
