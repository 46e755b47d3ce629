package dev.fairlead.acme;

import static dev.fairlead.acme.Instance.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.transfer.CertificateImport;
import dev.fairlead.acme.transfer.FormerFiles;
import dev.fairlead.acme.transfer.FormerProxy;
import dev.fairlead.acme.transfer.ImportLine;
import dev.fairlead.acme.transfer.ImportLine.Outcome;
import dev.fairlead.config.bootstrap.AcmeSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who goes over from another proxy orders nothing, and goes on with its account. */
class TakeoverTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Duration.ofDays(90), 0);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory = Path.of("");
  private final KeyPair account = FormerFiles.rsa();

  @AfterEach
  void forgetAnswers() {
    CA.responder().forget();
  }

  @ParameterizedTest
  @EnumSource(FormerProxy.class)
  void whatWasImportedIsServedFromTheFirstMomentAndNothingIsOrdered(FormerProxy from)
      throws Exception {
    String name = "shop-%s.fairlead-tests.com".formatted(from.name().toLowerCase(Locale.ROOT));
    KeyAndChain pair = orderBefore(name);
    URI accountUrl = accountUrl("before");
    int orders = CA.pebble().orders();

    assertThat(takeOver(from, write(from, pair, accountUrl)))
        .hasSize(2)
        .allMatch(line -> line.outcome() == Outcome.IMPORTED);
    try (Instance instance = instance("after")) {
      instance.want(name);
      assertThat(instance.first(name)).contains(Origin.ACME);
      assertThat(instance.served(name).orElseThrow().chain()).isEqualTo(pair.chain());
      awaitPolls(5);
      assertThat(instance.first(name)).contains(Origin.ACME);
      assertThat(CA.pebble().orders()).isEqualTo(orders);

      String more = "new-" + name;
      instance.want(name, more);
      await().atMost(PATIENCE).until(() -> instance.serves(more, Origin.ACME));
      assertThat(CA.pebble().orders() - orders).isEqualTo(1);
    }
    assertThat(accountUrl("after")).as("the account of before").isEqualTo(accountUrl);
  }

  /** The other proxy's work, with an account key as all of them may have it. */
  private KeyAndChain orderBefore(String name) throws Exception {
    try (Storage storage = storage("before")) {
      new AccountStorage(storage, CA.pebble().acmeDirectory()).saveKey(account);
      try (Instance _ = instance("before").want(name)) {
        await().atMost(PATIENCE).until(() -> stored(storage, name).isPresent());
      }
      return stored(storage, name).orElseThrow();
    }
  }

  private static Optional<KeyAndChain> stored(Storage storage, String name) throws Exception {
    return new CertificateStorage(storage, CA.pebble().acmeDirectory())
        .loadFresh(host(name))
        .pair();
  }

  private Path write(FormerProxy from, KeyAndChain pair, URI accountUrl) throws IOException {
    URI ca = CA.pebble().acmeDirectory();
    Path folder = directory.resolve("former");
    switch (from) {
      case TRAEFIK -> {
        return FormerFiles.traefik(
            directory.resolve("acme.json"), account.getPrivate(), accountUrl, List.of(pair));
      }
      case CADDY -> {
        String issuer = "127.0.0.1-%d-dir".formatted(ca.getPort());
        FormerFiles.caddy(folder, issuer, ca.toString(), pair);
        FormerFiles.caddyAccount(folder, issuer, account.getPrivate());
      }
      case CERTBOT -> {
        FormerFiles.certbot(folder, "id", ca, pair);
        FormerFiles.certbotAccount(folder, "id", ca, (RSAPrivateCrtKey) account.getPrivate());
      }
    }
    return folder;
  }

  private List<ImportLine> takeOver(FormerProxy from, Path source) throws Exception {
    List<ImportLine> lines = new ArrayList<>();
    try (CertificateImport task =
        new CertificateImport(
            Instance.storage(directory.resolve("after")), settings(), Clock.systemUTC())) {
      task.run(from, source, Optional.empty(), false, lines::add);
    }
    return lines;
  }

  private Instance instance(String storage) {
    Instance instance =
        new Instance(
            settings(),
            Instance.storage(directory.resolve(storage)),
            Clock.systemUTC(),
            StorageAccess.DIRECT);
    CA.responder()
        .answerFrom(instance.manager::keyAuthorization, instance.manager::validationCertificate);
    return instance;
  }

  private URI accountUrl(String place) throws Exception {
    try (Storage storage = storage(place)) {
      return new AccountStorage(storage, CA.pebble().acmeDirectory()).url().orElseThrow();
    }
  }

  private Storage storage(String place) {
    return new Storage(Instance.storage(directory.resolve(place)), StorageAccess.DIRECT);
  }

  private static AcmeSettings settings() {
    return new AcmeSettings(
        CA.pebble().acmeDirectory(),
        Optional.empty(),
        Optional.of(CA.pebble().caFile()),
        AcmeSettings.Challenge.HTTP_01);
  }

  /** Lets the time of some looks go by: what must not happen has no other sign. */
  private static void awaitPolls(int polls) {
    long end = System.nanoTime() + Instance.FAST.poll().multipliedBy(polls).toNanos();
    await().until(() -> System.nanoTime() - end > 0);
  }
}
