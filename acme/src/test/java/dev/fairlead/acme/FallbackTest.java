package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.issue.RevocationReason;
import dev.fairlead.acme.pebble.CaFront;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.NameStateStorage;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AuthoritySettings.ExternalAccount;
import dev.fairlead.config.bootstrap.KeySettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A second CA, with an account of its own kind, for when the first one keeps failing. */
class FallbackTest {

  private static final String KEY = "dGhpcyBpcyB0aGlydHktdHdvIGJ5dGVzIG9yIG1vcmU";

  @RegisterExtension static final PebbleExtension FIRST = new PebbleExtension(Pebble.Extras.NONE);

  /** Its certificates live longer than those of the first. */
  @RegisterExtension static final PebbleExtension SECOND = second(Duration.ofDays(365));

  /** Its certificates are due before those of the first. */
  @RegisterExtension static final PebbleExtension BRIEF_SECOND = second(Duration.ofDays(60));

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;
  private final String name = "two%d.fairlead-tests.com".formatted(NUMBER.incrementAndGet());
  private final MutableClock clock = new MutableClock();
  private CaFront front;
  private int ordersAtFirst;
  private int ordersAtSecond;
  private int ordersAtBriefSecond;

  @BeforeEach
  void startFront() throws Exception {
    front = new CaFront(FIRST.pebble());
    ordersAtFirst = FIRST.pebble().orders();
    ordersAtSecond = SECOND.pebble().orders();
    ordersAtBriefSecond = BRIEF_SECOND.pebble().orders();
  }

  @AfterEach
  void stopFront() {
    front.close();
    FIRST.responder().forget();
    SECOND.responder().forget();
    BRIEF_SECOND.responder().forget();
  }

  @Test
  void aNameWithoutACertificateGetsItFromTheSecondAfterThreeFailuresOfTheFirst() throws Exception {
    front.down(true);
    try (Instance instance = start(true)) {
      awaitFailures(1);
      clock.advance(Duration.ofMinutes(2));
      awaitFailures(2);
      assertThat(SECOND.pebble().orders()).isEqualTo(ordersAtSecond);

      clock.advance(Duration.ofMinutes(7));
      await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
      await().atMost(PATIENCE).until(() -> instance.status(name).problem().isEmpty());
      assertThat(atSecond()).isEqualTo(1);
    }
  }

  @Test
  void namesThatShareACertificateShareItAtTheSecondToo() throws Exception {
    String www = "www." + name;
    front.down(true);
    try (Instance instance = instance(true, SECOND, KeySettings.DEFAULT)) {
      instance.wantTogether(name + " " + www);
      awaitFailures(1);
      clock.advance(Duration.ofMinutes(2));
      awaitFailures(2);
      clock.advance(Duration.ofMinutes(7));
      await().atMost(PATIENCE).until(() -> instance.hasStored(www) && instance.hasStored(name));
      assertThat(instance.served(www)).isEqualTo(instance.served(name));
      assertThat(instance.status(www).directory()).contains(SECOND.pebble().acmeDirectory());
      assertThat(Names.dns(served(instance).chain().getFirst()))
          .containsExactlyInAnyOrder(name, www);
      assertThat(atSecond()).isEqualTo(1);
    }
  }

  @Test
  void renewalsBeginWithTheFirstAgain() throws Exception {
    front.down(true);
    ServedCertificate ofSecond;
    try (Instance instance = start(true, BRIEF_SECOND)) {
      awaitFailures(1);
      clock.advance(DAY.plusMinutes(1));
      await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
      await().atMost(PATIENCE).until(() -> instance.hasStored(name));
      ofSecond = served(instance);
    }
    front.down(false);
    try (Instance instance = start(true, BRIEF_SECOND)) {
      await().until(() -> instance.serves(name, Origin.ACME));
      assertThat(served(instance)).as("what was stored is served").isEqualTo(ofSecond);

      clock.advance(DAY.multipliedBy(41));
      await().atMost(PATIENCE).until(() -> !served(instance).equals(ofSecond));
      assertThat(atFirst()).isEqualTo(1);
      assertThat(BRIEF_SECOND.pebble().orders() - ordersAtBriefSecond).isEqualTo(1);
    }
  }

  @Test
  void aGoodCertificateGivesTheFirstADay() throws Exception {
    try (Instance instance = start(true)) {
      await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
      ServedCertificate first = served(instance);
      front.down(true);
      clock.advance(DAY.multipliedBy(62));
      awaitFailures(1);
      for (int hours = 0; hours < 20; hours += 5) {
        clock.advance(Duration.ofHours(5));
        awaitFailureAfter(instance);
      }
      assertThat(atSecond()).isZero();
      assertThat(served(instance)).isEqualTo(first);

      clock.advance(Duration.ofHours(7));
      await().atMost(PATIENCE).until(() -> !served(instance).equals(first));
      assertThat(atSecond()).isEqualTo(1);
    }
  }

  @Test
  void aRevokedKeyIsNotUsedAtTheSecondEither() throws Exception {
    KeySettings reuse = new KeySettings(KeySettings.Type.P256, true);
    ServedCertificate first;
    try (Instance instance = start(true, SECOND, reuse)) {
      await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
      await().atMost(PATIENCE).until(() -> state().step() instanceof Step.Issued);
      first = served(instance);
    }
    try (CertificateActions actions =
        new CertificateActions(acme(SECOND, reuse), Instance.storage(directory), clock)) {
      actions.revoke(Instance.host(name), RevocationReason.KEY_COMPROMISE, _ -> {});
    }
    front.down(true);
    try (Instance instance = start(true, SECOND, reuse)) {
      awaitFailures(1);
      clock.advance(DAY.plusMinutes(1));
      await().atMost(PATIENCE).until(() -> atSecond() == 1 && !served(instance).equals(first));
      assertThat(served(instance).chain().getFirst().getPublicKey())
          .isNotEqualTo(first.chain().getFirst().getPublicKey());
    }
  }

  @Test
  void whatIsWrongWithTheNameItselfCostsNoOrderAtTheSecond() throws Exception {
    try (Instance instance = start(false)) { // nobody answers the CA
      for (int failures = 1; failures <= 4; failures++) {
        awaitFailures(failures);
        clock.advance(Duration.ofHours(1));
      }
      assertThat(instance.status(name).problem().orElseThrow()).startsWith("http-01 failed");
    }
    assertThat(atFirst()).isGreaterThanOrEqualTo(4);
    assertThat(atSecond()).isZero();
  }

  private static PebbleExtension second(Duration validity) {
    return new PebbleExtension(
        new Pebble.Conduct(validity, 0, Duration.ZERO),
        new Pebble.Extras(0, Map.of("customer-1", KEY)));
  }

  private Instance start(boolean answers) throws Exception {
    return start(answers, SECOND);
  }

  private Instance start(boolean answers, PebbleExtension second) throws Exception {
    return start(answers, second, KeySettings.DEFAULT);
  }

  private AcmeSettings acme(PebbleExtension second, KeySettings keys) {
    return CaSettings.acme(
        CaSettings.of(FIRST.pebble(), front.acmeDirectory()),
        Optional.of(
            CaSettings.withAccount(
                CaSettings.of(second.pebble()), new ExternalAccount("customer-1", KEY))),
        keys);
  }

  private Instance start(boolean answers, PebbleExtension second, KeySettings keys)
      throws Exception {
    return instance(answers, second, keys).want(name);
  }

  private Instance instance(boolean answers, PebbleExtension second, KeySettings keys) {
    Instance instance =
        new Instance(acme(second, keys), Instance.storage(directory), clock, StorageAccess.DIRECT);
    if (answers) {
      FIRST.responder().answerFrom(instance.manager::keyAuthorization, FallbackTest::nothing);
      second.responder().answerFrom(instance.manager::keyAuthorization, FallbackTest::nothing);
    }
    return instance;
  }

  private static <T> CompletionStage<Optional<T>> nothing(String host) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  private int atFirst() {
    return FIRST.pebble().orders() - ordersAtFirst;
  }

  private int atSecond() {
    return SECOND.pebble().orders() - ordersAtSecond;
  }

  private void awaitFailures(int failures) {
    await().atMost(PATIENCE).until(() -> failures() >= failures);
  }

  private void awaitFailureAfter(Instance instance) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                instance
                    .status(name)
                    .nextAttempt()
                    .filter(next -> next.isAfter(clock.instant()))
                    .isPresent());
  }

  /** As the storage has it, for the first CA. */
  private int failures() throws Exception {
    return state().failures();
  }

  private NameState state() throws Exception {
    try (Storage storage = new Storage(Instance.storage(directory), StorageAccess.DIRECT)) {
      return new NameStateStorage(storage, front.acmeDirectory()).load(Instance.host(name));
    }
  }

  private ServedCertificate served(Instance instance) {
    return instance.served(name).orElseThrow();
  }
}
