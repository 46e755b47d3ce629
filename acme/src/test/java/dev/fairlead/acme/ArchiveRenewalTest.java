package dev.fairlead.acme;

import static dev.fairlead.acme.Instance.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A name that no service has any more is renewed for a week, then restored and not ordered. */
class ArchiveRenewalTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Pebble.Extras.NONE);

  private static final String NAME = "left.fairlead-tests.com";
  private static final String OTHER = "stays.fairlead-tests.com";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;
  private final MutableClock clock = new MutableClock();

  @AfterEach
  void forgetAnswers() {
    CA.responder().forget();
  }

  @Test
  void itIsRenewedThenArchivedThenRestoredWithoutAnOrder() throws Exception {
    X509Certificate first = store(NAME, Duration.ofDays(58));
    store(OTHER, Duration.ZERO);
    try (Instance instance = start().want(NAME, OTHER)) {
      clock.advance(ArchiveKeeper.SWEEP);
      await().atMost(PATIENCE).until(() -> Files.exists(note()));
      assertThat(CA.pebble().orders()).isZero();

      instance.want(OTHER);
      for (int day = 0; day < 6; day++) {
        pass();
      }
      await().atMost(PATIENCE).until(() -> stored().filter(first::equals).isEmpty());
      X509Certificate second = stored().orElseThrow();
      assertThat(instance.served(NAME)).as("renewed, and served to nobody").isEmpty();

      pass();
      pass();
      assertThat(note().getParent()).doesNotExist();
      assertThat(directory.resolve("archive").resolve(NAME)).isNotEmptyDirectory();

      instance.want(NAME, OTHER);
      await().atMost(PATIENCE).until(() -> instance.serves(NAME, Origin.ACME));
      assertThat(instance.served(NAME).orElseThrow().chain().getFirst()).isEqualTo(second);
      assertThat(CA.pebble().orders()).isEqualTo(1);
      assertThat(directory.resolve("archive").resolve(NAME)).doesNotExist();
    }
  }

  /** A day passes, and it was noted. */
  private void pass() {
    String before = text();
    clock.advance(DAY);
    await().atMost(PATIENCE).until(() -> before.equals("gone") || !text().equals(before));
  }

  private String text() {
    try {
      return Files.readString(note());
    } catch (IOException e) {
      return "gone";
    }
  }

  private Path note() {
    return directory.resolve("certificates").resolve(NAME).resolve("wanted.json");
  }

  private Optional<X509Certificate> stored() throws Exception {
    try (Storage storage = new Storage(Instance.storage(directory), StorageAccess.DIRECT)) {
      return new CertificateStorage(storage, CA.pebble().acmeDirectory())
          .loadIfChanged(host(NAME), Optional.empty())
          .flatMap(LoadedPair::pair)
          .map(pair -> pair.leaf());
    }
  }

  private X509Certificate store(String name, Duration age) throws Exception {
    KeyPair key = Keys.newP256();
    X509Certificate leaf =
        new CertificateBuilder(
                "test", key.getPublic(), clock.instant().minus(age), Duration.ofDays(90))
            .name(host(name))
            .selfSigned(key);
    try (Storage storage = new Storage(Instance.storage(directory), StorageAccess.DIRECT)) {
      new CertificateStorage(storage, CA.pebble().acmeDirectory())
          .save(host(name), new KeyAndChain(key.getPrivate(), List.of(leaf)), clock.instant());
    }
    return leaf;
  }

  private Instance start() {
    Instance instance =
        new Instance(
            CaSettings.acme(CaSettings.of(CA.pebble())),
            Instance.storage(directory),
            clock,
            StorageAccess.DIRECT);
    instance.manager.archiveUnwanted(() -> true);
    CA.responder()
        .answerFrom(instance.manager::keyAuthorization, instance.manager::validationCertificate);
    return instance;
  }
}
