package dev.fairlead.acme.transfer;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.NameStateStorage;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.acme.transfer.ImportLine.Outcome;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.KeySettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is taken over of each kind of source, and what is not. Long because all three kinds go
 * through one import, and share what is set up here.
 */
class CertificateImportTest {

  private static final URI CA = URI.create("https://acme-v02.api.letsencrypt.org/directory");
  private static final URI STAGING =
      URI.create("https://acme-staging-v02.api.letsencrypt.org/directory");
  private static final URI ACCOUNT = URI.create("https://acme-v02.api.letsencrypt.org/acme/acct/1");
  private static final URI PRIVATE = URI.create("https://ca.lan:9000/acme/acme/directory");
  private static final String CADDY_CA = "acme-v02.api.letsencrypt.org-directory";
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Instant lately = now.minus(Duration.ofDays(5));
  private static final Duration LIFE = Duration.ofDays(90);

  @TempDir private Path directory = Path.of("");
  private final KeyPair account = FormerFiles.rsa();
  private Storage storage;

  @BeforeEach
  void open() {
    storage = new Storage(settings(), StorageAccess.DIRECT);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void aCertificateOfTraefikIsStoredForEachOfItsNames() throws Exception {
    KeyAndChain pair =
        TestPairs.pair(lately, LIFE, "example.com", "*.example.com", "Shop.example.com");
    assertThat(traefik(pair))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .hasToString(
                        "example.com, *.example.com, shop.example.com: imported, good until %s, of %s"
                            .formatted(pair.notAfter(), CA)),
            line -> assertThat(line).hasToString("account at %s: imported".formatted(CA)));
    for (String name : List.of("example.com", "*.example.com", "shop.example.com")) {
      assertThat(stored(CA, name)).contains(pair.leaf());
    }
    assertThat(storagePath().resolve("certificates/_wildcard.example.com")).isDirectory();
    assertThat(accounts().key().orElseThrow().getPublic()).isEqualTo(account.getPublic());
  }

  @Test
  void aCertificateOfCaddyGoesToTheCaThatItNames() throws Exception {
    Path folder = directory.resolve("data/caddy");
    KeyAndChain plain = TestPairs.pair(lately, LIFE, "a.example.com");
    KeyAndChain wildcard = TestPairs.pair(lately, LIFE, "*.example.com");
    KeyAndChain inside = TestPairs.pair(lately, LIFE, "nas.example.com");
    KeyAndChain old = TestPairs.pair(lately, LIFE, "old.example.com");
    FormerFiles.caddy(folder, CADDY_CA, CA.toString(), plain);
    FormerFiles.caddy(folder, CADDY_CA, "", old);
    FormerFiles.caddy(folder, CADDY_CA, CA.toString(), wildcard);
    FormerFiles.caddy(folder, "ca.lan-9000-acme-acme-directory", PRIVATE.toString(), inside);
    FormerFiles.caddy(folder, "local", "", TestPairs.pair(lately, LIFE, "whoami.localhost"));
    FormerFiles.caddyAccount(folder, CADDY_CA, Keys.newP256().getPrivate());
    Files.writeString(folder.resolve("certificates/.DS_Store"), "");

    List<ImportLine> lines = run(FormerProxy.CADDY, folder);
    assertThat(lines).as("%s", lines).noneMatch(line -> line.outcome() == Outcome.NOT_POSSIBLE);
    assertThat(lines)
        .extracting(ImportLine::toString)
        .contains(
            "local/whoami.localhost: skipped, it is of Caddy's own CA",
            "account at %s: imported".formatted(CA));
    assertThat(stored(CA, "a.example.com")).contains(plain.leaf());
    assertThat(stored(CA, "old.example.com")).contains(old.leaf());
    assertThat(stored(CA, "*.example.com")).contains(wildcard.leaf());
    assertThat(stored(PRIVATE, "nas.example.com")).contains(inside.leaf());
    assertThat(stored(CA, "nas.example.com")).isEmpty();
    assertThat(accounts().key()).isPresent();
  }

  @Test
  void aCertificateOfTheSecondCaIsToldByTheNameOfItsFolder() throws Exception {
    Path folder = directory.resolve("data/caddy");
    KeyAndChain pair = TestPairs.pair(lately, LIFE, "nas.example.com");
    FormerFiles.caddy(folder, "ca.lan-9000-acme-acme-directory", "", pair);
    run(FormerProxy.CADDY, folder);
    assertThat(stored(PRIVATE, "nas.example.com")).as("nobody knows the CA").isEmpty();

    AcmeSettings acme =
        new AcmeSettings(
            plain(CA),
            Optional.of(plain(PRIVATE)),
            KeySettings.DEFAULT,
            AcmeSettings.Challenge.HTTP_01,
            Optional.empty());
    run(FormerProxy.CADDY, folder, Optional.empty(), false, acme);
    assertThat(stored(PRIVATE, "nas.example.com")).contains(pair.leaf());
  }

  private static AuthoritySettings plain(URI directory) {
    return AuthoritySettings.plain(directory, Optional.empty(), Optional.empty());
  }

  @Test
  void theVolumeOfCaddysContainerIsUnderstoodToo() throws Exception {
    Path volume = directory.resolve("data");
    KeyAndChain pair = TestPairs.pair(lately, LIFE, "a.example.com");
    FormerFiles.caddy(volume.resolve("caddy"), CADDY_CA, CA.toString(), pair);
    run(FormerProxy.CADDY, volume);
    assertThat(stored(CA, "a.example.com")).contains(pair.leaf());
  }

  @Test
  void theLinksOfCertbotAreFollowedToItsArchive() throws Exception {
    Path folder = directory.resolve("letsencrypt");
    KeyAndChain pair = TestPairs.pair(lately, LIFE, "example.com", "www.example.com");
    KeyAndChain tried = TestPairs.pair(lately, LIFE, "try.example.com");
    FormerFiles.certbot(folder, "used", CA, pair);
    FormerFiles.certbot(folder, "tried", STAGING, tried);
    RSAPrivateCrtKey used = (RSAPrivateCrtKey) account.getPrivate();
    FormerFiles.certbotAccount(folder, "used", CA, used);
    FormerFiles.certbotAccount(
        folder, "another", CA, (RSAPrivateCrtKey) FormerFiles.rsa().getPrivate());

    assertThat(run(FormerProxy.CERTBOT, folder))
        .extracting(ImportLine::outcome)
        .containsExactly(Outcome.IMPORTED, Outcome.IMPORTED, Outcome.IMPORTED, Outcome.NOT_NEEDED);
    assertThat(stored(CA, "example.com")).contains(pair.leaf());
    assertThat(stored(CA, "www.example.com")).contains(pair.leaf());
    assertThat(stored(STAGING, "try.example.com")).contains(tried.leaf());
    assertThat(accounts().key().orElseThrow().getPublic())
        .as("the account that the certificates were ordered with")
        .isEqualTo(account.getPublic());
  }

  @Test
  void whatIsStoredAndValidAsLongStays() throws Exception {
    KeyAndChain longer = TestPairs.pair(now.minus(Duration.ofDays(1)), LIFE, "a.example.com");
    KeyAndChain shorter = TestPairs.pair(lately, LIFE, "a.example.com", "b.example.com");
    certificates(CA).save(host("a.example.com"), longer, now);

    assertThat(traefik(shorter).getFirst())
        .hasToString(
            "a.example.com, b.example.com: imported for b.example.com, good until %s, of %s; skipped for a.example.com, what is stored is good until %s"
                .formatted(shorter.notAfter(), CA, longer.notAfter()));
    assertThat(stored(CA, "a.example.com")).contains(longer.leaf());
    assertThat(stored(CA, "b.example.com")).contains(shorter.leaf());
    assertThat(traefik(shorter)).allMatch(line -> line.outcome() == Outcome.NOT_NEEDED);
  }

  @Test
  void whatIsValidLongerTakesThePlaceOfWhatIsStored() throws Exception {
    KeyAndChain stored = TestPairs.pair(lately, LIFE, "a.example.com");
    KeyAndChain newer = TestPairs.pair(now.minusSeconds(60), LIFE, "a.example.com");
    certificates(CA).save(host("a.example.com"), stored, now);
    NameStateStorage states = new NameStateStorage(storage, CA);
    states.save(
        host("a.example.com"),
        new NameState(new Step.Wanted(), 3, now.plusSeconds(900), "it failed"));
    traefik(stored, newer);
    assertThat(stored(CA, "a.example.com")).contains(newer.leaf());
    assertThat(states.load(host("a.example.com"))).isEqualTo(NameState.issued());
  }

  @Test
  void anAccountThatIsThereStays() throws Exception {
    KeyPair own = Keys.newP256();
    accounts().saveKey(own);
    assertThat(traefik())
        .singleElement()
        .hasToString("account at %s: skipped, there is one".formatted(CA));
    assertThat(accounts().key().orElseThrow().getPublic()).isEqualTo(own.getPublic());
  }

  @Test
  void whatHasExpiredIsNotNeeded() throws Exception {
    KeyAndChain pair = TestPairs.pair(now.minus(LIFE), LIFE.minusDays(1), "a.example.com");
    assertThat(traefik(pair).getFirst())
        .isEqualTo(
            new ImportLine(
                "a.example.com", Outcome.NOT_NEEDED, "skipped, it expired at " + pair.notAfter()));
    assertThat(stored(CA, "a.example.com")).isEmpty();
  }

  @Test
  void aTrialSaysTheSameAndWritesNothing() throws Exception {
    KeyAndChain one = TestPairs.pair(lately, LIFE, "a.example.com");
    KeyAndChain better = TestPairs.pair(now.minusSeconds(60), LIFE, "a.example.com");
    Path file = acmeJson(ACCOUNT, one, better);
    List<ImportLine> trial = run(FormerProxy.TRAEFIK, file, Optional.empty(), true);
    assertThat(storagePath()).doesNotExist();
    List<ImportLine> real = run(FormerProxy.TRAEFIK, file);
    assertThat(trial)
        .extracting(line -> line.toString().replace("would be imported", "imported"))
        .isEqualTo(real.stream().map(ImportLine::toString).toList());
    assertThat(trial).hasSize(3).anyMatch(line -> line.outcome() == Outcome.NOT_NEEDED);
    assertThat(stored(CA, "a.example.com")).contains(better.leaf());
  }

  @Test
  void aCaThatCannotBeKnownHasToBeNamed() throws Exception {
    KeyAndChain pair = TestPairs.pair(lately, LIFE, "a.example.com");
    Path file = acmeJson(URI.create("https://ca.lan:9000/acme/acme/account/1"), pair);
    assertThat(run(FormerProxy.TRAEFIK, file))
        .hasSize(2)
        .allMatch(line -> line.outcome() == Outcome.NOT_POSSIBLE)
        .allMatch(line -> line.detail().contains("fix: --ca "));
    assertThat(storagePath().resolve("certificates")).doesNotExist();

    run(FormerProxy.TRAEFIK, file, Optional.of(PRIVATE), false);
    assertThat(stored(PRIVATE, "a.example.com")).contains(pair.leaf());
  }

  @Test
  void whatLetsEncryptsStagingHadIssuedIsNeverServedForReal() throws Exception {
    KeyAndChain pair =
        TestPairs.issuedBy(
            "C=US,O=(STAGING) Let's Encrypt,CN=(STAGING) Pseudo Plum E5",
            lately,
            LIFE,
            "a.example.com");
    KeyAndChain real =
        TestPairs.issuedBy("C=US,O=Let's Encrypt,CN=E7", lately, LIFE, "b.example.com");
    traefik(pair, real);
    assertThat(stored(STAGING, "a.example.com")).contains(pair.leaf());
    assertThat(stored(CA, "a.example.com")).isEmpty();
    assertThat(stored(CA, "b.example.com")).contains(real.leaf());
  }

  @Test
  void aNameThatAnotherInstanceOrdersIsLeftToIt() throws Exception {
    KeyAndChain pair = TestPairs.pair(lately, LIFE, "a.example.com", "b.example.com");
    try (StorageLock _ =
        new Locks(storage, Clock.systemUTC())
            .tryLock(LockName.of(host("a.example.com")))
            .orElseThrow()) {
      assertThat(traefik(pair).getFirst())
          .satisfies(
              line -> {
                assertThat(line.outcome()).isEqualTo(Outcome.NOT_POSSIBLE);
                assertThat(line.detail())
                    .startsWith("imported for b.example.com, ")
                    .contains("; skipped for a.example.com, another instance orders it (pid ");
              });
    }
    assertThat(stored(CA, "a.example.com")).isEmpty();
  }

  @Test
  void certificatesOfOneHostThatTwoCasIssuedAreBothImported() throws Exception {
    Path folder = directory.resolve("data/caddy");
    for (int i = 0; i < 20; i++) {
      String name = "shop%d.example.com".formatted(i);
      Duration life = LIFE.plusHours(i); // so that both of a host follow each other
      FormerFiles.caddy(folder, CADDY_CA, CA.toString(), TestPairs.pair(lately, life, name));
      FormerFiles.caddy(
          folder,
          "ca.lan-9000-acme-acme-directory",
          PRIVATE.toString(),
          TestPairs.pair(lately, life, name));
    }
    assertThat(run(FormerProxy.CADDY, folder))
        .hasSize(40)
        .allSatisfy(line -> assertThat(line.outcome()).isEqualTo(Outcome.IMPORTED));
  }

  @Test
  void aKeyOfAnotherCertificateIsRefusedAndNotShown() throws Exception {
    KeyAndChain one = TestPairs.pair(lately, LIFE, "a.example.com");
    KeyAndChain other = TestPairs.pair(lately, LIFE, "a.example.com");
    Path place = FormerFiles.caddy(directory.resolve("caddy"), CADDY_CA, CA.toString(), one);
    String key = FormerFiles.goPem(other.privateKey());
    Files.writeString(place.resolve("a.example.com.key"), key);
    assertLost(FormerProxy.CADDY, "caddy", "its key does not belong to its certificate");

    Files.writeString(place.resolve("a.example.com.key"), key.substring(0, 120));
    assertLost(FormerProxy.CADDY, "caddy", "no private key in it that can be read");
    Files.writeString(place.resolve("a.example.com.key"), key.replace("EC PR", "RSA PR"));
    assertThat(run(FormerProxy.CADDY, directory.resolve("caddy")).toString())
        .contains("no private key in it that can be read")
        .doesNotContain(key.substring(40, 60));
    Files.writeString(place.resolve("a.example.com.crt"), "no certificate");
    assertLost(FormerProxy.CADDY, "caddy", "no certificate in it that can be read");
    assertThat(stored(CA, "a.example.com")).isEmpty();
  }

  @Test
  void anAccountWhoseKeyIsDamagedIsSaid() throws Exception {
    Path folder = directory.resolve("letsencrypt");
    FormerFiles.certbot(folder, "id", CA, TestPairs.pair(lately, LIFE, "a.example.com"));
    FormerFiles.certbotAccount(folder, "id", CA, (RSAPrivateCrtKey) account.getPrivate());
    Path key =
        folder.resolve("accounts/acme-v02.api.letsencrypt.org/directory/id/private_key.json");
    String whole = Files.readString(key);
    for (String damaged :
        List.of(
            "", "{}", whole.substring(0, 300), whole.replaceAll("\"p\":\"[^\"]*", "\"p\":\"AA"))) {
      Files.writeString(key, damaged);
      assertThat(run(FormerProxy.CERTBOT, folder))
          .filteredOn(line -> line.subject().startsWith("account"))
          .singleElement()
          .hasToString(
              "account at %s: skipped, its key cannot be read (expected: EC or RSA)".formatted(CA));
    }
    assertThat(accounts().hasKey()).isFalse();
  }

  @Test
  void linksThatLeadOutAreRefused() throws Exception {
    Path secret = directory.resolve("elsewhere");
    Path outside =
        FormerFiles.certbot(secret, "x", CA, TestPairs.pair(lately, LIFE, "secret.example.com"));
    Path folder = directory.resolve("letsencrypt");
    Path live = Files.createDirectories(folder.resolve("live/a.example.com"));
    Files.createSymbolicLink(live.resolve("fullchain.pem"), outside.resolve("fullchain.pem"));
    Files.createSymbolicLink(live.resolve("privkey.pem"), outside.resolve("privkey.pem"));
    assertLost(
        FormerProxy.CERTBOT, "letsencrypt", "live/a.example.com/fullchain.pem: leads out of ");

    Files.delete(live.resolve("fullchain.pem"));
    Files.delete(live.resolve("privkey.pem"));
    Files.delete(live);
    Files.createSymbolicLink(live, outside);
    assertLost(FormerProxy.CERTBOT, "letsencrypt", "live/a.example.com: leads out of ");

    Files.delete(live);
    Files.createSymbolicLink(live, live);
    assertLost(FormerProxy.CERTBOT, "letsencrypt", "live/a.example.com: cannot be read");
    assertThat(storagePath().resolve("certificates")).doesNotExist();
  }

  @Test
  void linksToAnAccountElsewhereAreRefused() throws Exception {
    Path secret = directory.resolve("elsewhere");
    Path data = directory.resolve("data");
    Files.createDirectories(data.resolve("certificates"));
    FormerFiles.caddyAccount(secret, CADDY_CA, account.getPrivate());
    Files.createSymbolicLink(data.resolve("acme"), Files.createDirectory(directory.resolve("o")));
    assertThatThrownBy(() -> run(FormerProxy.CADDY, data))
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith("acme: leads out of ");
    Files.delete(data.resolve("acme"));
    Files.createDirectory(data.resolve("acme"));
    Files.createSymbolicLink(
        data.resolve("acme").resolve(CADDY_CA), secret.resolve("acme").resolve(CADDY_CA));
    assertThat(run(FormerProxy.CADDY, data))
        .singleElement()
        .hasToString(
            "account at %s: skipped, its key cannot be read (expected: EC or RSA)".formatted(CA));
    assertThat(accounts().hasKey()).isFalse();
  }

  @Test
  void anAddressOfACaInARenewalFileLeadsNowhereElse() throws Exception {
    Path folder = directory.resolve("letsencrypt");
    KeyAndChain pair = TestPairs.pair(lately, LIFE, "a.example.com");
    URI climbing = URI.create("https://ca.example.org/../../../elsewhere");
    FormerFiles.certbot(folder, "x", climbing, pair);
    Files.createDirectories(folder.resolve("accounts/ca.example.org"));
    Files.createDirectories(directory.resolve("elsewhere/x"));
    assertThat(run(FormerProxy.CERTBOT, folder))
        .filteredOn(line -> line.subject().startsWith("account"))
        .singleElement()
        .matches(line -> line.outcome() == Outcome.NOT_POSSIBLE);
    try (Stream<Path> entries = Files.list(storagePath().resolve("certificates/a.example.com"))) {
      assertThat(entries).singleElement().asString().endsWith("ca.example.org_.._.._.._elsewhere");
    }
  }

  @Test
  void onlyPlainFilesWithinBoundsAreRead() throws Exception {
    Path folder = directory.resolve("caddy");
    Path place =
        FormerFiles.caddy(
            folder, CADDY_CA, CA.toString(), TestPairs.pair(lately, LIFE, "a.example.com"));
    Path key = place.resolve("a.example.com.key");
    Files.delete(key);
    Files.createDirectory(key);
    assertLost(FormerProxy.CADDY, "caddy", "a.example.com.key: is no file");
    Files.delete(key);
    pipe(key);
    assertLost(FormerProxy.CADDY, "caddy", "a.example.com.key: is no file");
    Files.delete(key);
    Files.writeString(key, "x".repeat(128 * 1024 + 1));
    assertLost(FormerProxy.CADDY, "caddy", "a.example.com.key: larger than 128 KiB");
  }

  @Test
  void allFilesTogetherAreBounded() throws Exception {
    Path issuer = Files.createDirectories(directory.resolve("caddy/certificates/" + CADDY_CA));
    Path large = Files.writeString(issuer.resolve("large"), "x".repeat(128 * 1024));
    int pairs = 600;
    for (int i = 0; i < pairs; i++) {
      String name = "%03d.example.com".formatted(i);
      Path place = Files.createDirectory(issuer.resolve(name));
      Files.createLink(place.resolve(name + ".crt"), large);
      Files.createLink(place.resolve(name + ".key"), large);
    }
    List<ImportLine> lines = run(FormerProxy.CADDY, directory.resolve("caddy"));
    assertThat(lines).hasSize(pairs).allMatch(line -> line.outcome() == Outcome.NOT_POSSIBLE);
    assertThat(lines.get(511).detail()).contains("no certificate in it that can be read");
    assertThat(lines.get(512).detail()).endsWith("not read, as all files before it have 128 MiB");
  }

  @Test
  void filesBesideTheFoldersAreNoCertificates() throws Exception {
    Path folder = directory.resolve("caddy");
    FormerFiles.caddy(
        folder, CADDY_CA, CA.toString(), TestPairs.pair(lately, LIFE, "a.example.com"));
    Files.writeString(folder.resolve("certificates/" + CADDY_CA + "/.DS_Store"), "");
    FormerFiles.caddyAccount(folder, CADDY_CA, Keys.newP256().getPrivate());
    Files.writeString(folder.resolve("acme/.DS_Store"), "");
    assertThat(run(FormerProxy.CADDY, folder))
        .hasSize(2)
        .allMatch(line -> line.outcome() == Outcome.IMPORTED);
    Path other = directory.resolve("letsencrypt");
    KeyAndChain pair = TestPairs.pair(lately, LIFE, "b.example.com");
    FormerFiles.certbotAccount(other, "id", STAGING, (RSAPrivateCrtKey) account.getPrivate());
    FormerFiles.certbot(other, "id", STAGING, pair);
    Files.writeString(
        other.resolve("accounts/acme-staging-v02.api.letsencrypt.org/directory/.DS_Store"), "");
    assertThat(run(FormerProxy.CERTBOT, other))
        .hasSize(2)
        .allMatch(line -> line.outcome() == Outcome.IMPORTED);
  }

  @Test
  void namesFromOutsideDoNotReachTheTerminal() throws Exception {
    Path folder = directory.resolve("caddy");
    Files.createDirectories(folder.resolve("certificates/" + CADDY_CA + "/\u001b[2Jevil\n"));
    assertThat(run(FormerProxy.CADDY, folder))
        .singleElement()
        .hasToString(CADDY_CA + "/?[2Jevil?: skipped, it lacks its .crt or its .key");
  }

  @Test
  void aFileThatIsNoAcmeJsonIsSaid() throws Exception {
    Path file = directory.resolve("acme.json");
    for (String text :
        List.of("", "{", "[]", "null", "{\"le\": MIIEsecret}", "[".repeat(100_000))) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> run(FormerProxy.TRAEFIK, file))
          .isInstanceOf(SourceException.class)
          .hasMessage(file.toRealPath() + ": is not JSON (expected: acme.json)");
    }
    Files.writeString(file, "{\"Account\": {}, \"Certificates\": []}");
    assertThatThrownBy(() -> run(FormerProxy.TRAEFIK, file)).hasMessageContaining("of Traefik 1");
    Files.writeString(
        file,
        "{\"le\": {\"Account\": {\"PrivateKey\": \"bm8=\"}, \"Certificates\": [{\"key\": \"?\"},"
            + " 7]}}");
    assertThat(run(FormerProxy.TRAEFIK, file))
        .hasSize(3)
        .allMatch(line -> line.outcome() == Outcome.NOT_POSSIBLE);
  }

  @Test
  void rootDoesNotWriteWhereTheProxyCouldNotReadIt() throws Exception {
    assumeTrue("0".equals(String.valueOf(Files.getAttribute(directory, "unix:uid"))), "not root");
    Files.createDirectory(storagePath());
    Files.setAttribute(storagePath(), "unix:uid", 10001);
    Path file = acmeJson(ACCOUNT, TestPairs.pair(lately, LIFE, "a.example.com"));
    assertThatThrownBy(() -> run(FormerProxy.TRAEFIK, file))
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "storage %s: belongs to uid 10001, and this runs as uid 0 (fix: run it as uid 10001, in a container by docker exec -u 10001 <container> fairlead …)"
                .formatted(storagePath()));
    assertThat(storagePath()).isEmptyDirectory();
    assertThat(run(FormerProxy.TRAEFIK, file, Optional.empty(), true)).hasSize(2);
  }

  @Test
  void aWrongPathIsSaid() throws Exception {
    assertThatThrownBy(() -> run(FormerProxy.TRAEFIK, directory.resolve("none")))
        .isInstanceOf(SourceException.class)
        .hasMessageEndingWith("none: does not exist");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThatThrownBy(() -> run(FormerProxy.TRAEFIK, empty))
        .hasMessageContaining("expected: the file acme.json");
    assertThatThrownBy(() -> run(FormerProxy.CADDY, empty))
        .hasMessageContaining("expected: Caddy's data directory");
    assertThatThrownBy(() -> run(FormerProxy.CERTBOT, empty))
        .hasMessageContaining("expected: certbot's, usually /etc/letsencrypt");
  }

  private void assertLost(FormerProxy from, String folder, String reason) throws Exception {
    assertThat(run(from, directory.resolve(folder)))
        .filteredOn(line -> !line.subject().startsWith("account"))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.outcome()).isEqualTo(Outcome.NOT_POSSIBLE);
              assertThat(line.detail()).contains(reason);
            });
  }

  private static void pipe(Path place) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("mkfifo", place.toString()).start().waitFor()).isZero();
    assertThat(Files.exists(place, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  private List<ImportLine> traefik(KeyAndChain... pairs) throws Exception {
    return run(FormerProxy.TRAEFIK, acmeJson(ACCOUNT, pairs));
  }

  private Path acmeJson(URI accountUrl, KeyAndChain... pairs) throws IOException {
    return FormerFiles.traefik(
        directory.resolve("acme.json"), account.getPrivate(), accountUrl, List.of(pairs));
  }

  private List<ImportLine> run(FormerProxy from, Path path) throws Exception {
    return run(from, path, Optional.empty(), false);
  }

  /** Every run looks for the account's key in what it says. */
  private List<ImportLine> run(FormerProxy from, Path path, Optional<URI> named, boolean dryRun)
      throws Exception {
    AcmeSettings acme =
        new AcmeSettings(CA, Optional.empty(), Optional.empty(), AcmeSettings.Challenge.HTTP_01);
    return run(from, path, named, dryRun, acme);
  }

  private List<ImportLine> run(
      FormerProxy from, Path path, Optional<URI> named, boolean dryRun, AcmeSettings acme)
      throws Exception {
    List<ImportLine> lines = new ArrayList<>();
    try (CertificateImport task = new CertificateImport(settings(), acme, Clock.systemUTC())) {
      task.run(from, path, named, dryRun, lines::add);
    }
    String said = lines.stream().map(ImportLine::toString).collect(joining("\n"));
    String secret = Pem.of(account.getPrivate());
    assertThat(said).doesNotContain(secret.substring(60, 90), "PRIVATE KEY");
    return lines;
  }

  /** The certificate that an instance would serve, with a key that fits. */
  private Optional<X509Certificate> stored(URI directory, String name) throws Exception {
    Optional<KeyAndChain> pair =
        certificates(directory)
            .loadIfChanged(host(name), Optional.empty())
            .flatMap(LoadedPair::pair);
    assertThat(pair.stream())
        .allMatch(each -> Keys.provesTo(each.leaf().getPublicKey(), each.privateKey()));
    return pair.map(KeyAndChain::leaf);
  }

  private CertificateStorage certificates(URI directory) {
    return new CertificateStorage(storage, directory);
  }

  private AccountStorage accounts() {
    return new AccountStorage(storage, CA);
  }

  private static HostPattern host(String name) {
    return HostPattern.parse(name).orElseThrow();
  }

  private StorageSettings settings() {
    return new StorageSettings(storagePath(), Duration.ofMinutes(1));
  }

  private Path storagePath() {
    return directory.resolve("storage");
  }
}
