package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pebble.CaFront;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.store.NameStateStorage;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.IssuanceSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two CAs: the first order of a name is tried out at one, so that the other sees only good ones.
 */
class StagingFirstTest {

  @RegisterExtension static final PebbleExtension REAL = new PebbleExtension(Pebble.Extras.NONE);

  @RegisterExtension static final PebbleExtension STAGING = new PebbleExtension(Pebble.Extras.NONE);

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final String name = "tried%d.fairlead-tests.com".formatted(NUMBER.incrementAndGet());
  private final MutableClock clock = new MutableClock();
  private CaFront front;
  private int ordersAtReal;
  private int ordersAtStaging;

  @BeforeEach
  void startFront() throws Exception {
    front = new CaFront(REAL.pebble());
    ordersAtReal = REAL.pebble().orders();
    ordersAtStaging = STAGING.pebble().orders();
  }

  @AfterEach
  void stopFront() {
    front.close();
    REAL.responder().forget();
    STAGING.responder().forget();
  }

  @Test
  void theFirstOrderIsTriedOutAndItsCertificateThrownAway() throws Exception {
    try (Instance instance = start(true)) {
      awaitIssued(instance);
      assertThat(atStaging()).isEqualTo(1);
      assertThat(atReal()).isEqualTo(1);
      assertThat(instance.heard)
          .as("nothing but the real CA's was ever served beside the local CA's")
          .allSatisfy(
              heard ->
                  assertThat(heard.byHost().values())
                      .allMatch(
                          served ->
                              served.origin() == Origin.LOCAL
                                  || served.equals(instance.served(name).orElseThrow())));
      assertThat(REAL.pebble().log()).contains(serial(instance));
      assertThat(STAGING.pebble().log()).doesNotContain(serial(instance));
      assertThat(filesOfStaging()).containsExactly("state.json");
      assertThat(files("accounts")).as("one at each").hasSize(2);
      assertThat(
              CertificateInventory.read(Instance.storage(directory), settings(), clock.instant())
                  .orElseThrow())
          .as("fairlead certs shows the name once")
          .hasSize(1);

      ServedCertificate first = instance.served(name).orElseThrow();
      clock.advance(Duration.ofDays(62));
      await().atMost(PATIENCE).until(() -> !instance.served(name).orElseThrow().equals(first));
      assertThat(atStaging()).as("renewals are not tried out").isEqualTo(1);
      assertThat(atReal()).isEqualTo(2);
    }
  }

  @Test
  void aNameThatIsAddedToACertificateIsTriedOutWithTheOthers() throws Exception {
    String www = "www." + name;
    String api = "api." + name;
    try (Instance instance = instance(true)) {
      instance.wantTogether(name + " " + www);
      awaitIssued(instance);
      await().atMost(PATIENCE).until(() -> instance.hasStored(www));
      assertThat(atStaging()).isEqualTo(1);
      assertThat(atReal()).isEqualTo(1);

      instance.wantTogether(name + " " + www + " " + api);
      await().atMost(PATIENCE).until(() -> instance.hasStored(api));
      assertThat(atStaging()).isEqualTo(2);
      assertThat(atReal()).isEqualTo(2);
    }
  }

  @Test
  void whatFailsThereCostsTheRealCaNothing() throws Exception {
    try (Instance instance = start(false)) { // nobody answers the CAs
      await().atMost(PATIENCE).until(() -> instance.status(name).problem().isPresent());
      assertThat(instance.status(name).problem().orElseThrow())
          .startsWith(
              "at the staging %s: http-01 failed, the CA says: "
                  .formatted(STAGING.pebble().acmeDirectory()));
      assertThat(instance.status(name).failures()).isEqualTo(1);
      assertThat(atStaging()).isEqualTo(1);
      clock.advance(Duration.ofMinutes(2));
      await().atMost(PATIENCE).until(() -> instance.status(name).failures() == 2);
      assertThat(atStaging()).isEqualTo(2);
      assertThat(atReal()).isZero();

      answerFrom(instance);
      clock.advance(Duration.ofMinutes(7));
      awaitIssued(instance);
      assertThat(atStaging()).isEqualTo(3);
      assertThat(atReal()).isEqualTo(1);
    }
  }

  @Test
  void whatPassedIsNotTriedOutAgainAfterARestart() throws Exception {
    front.down(true);
    try (Instance instance = start(true)) {
      await().atMost(PATIENCE).until(() -> instance.status(name).failures() == 1);
      assertThat(instance.status(name).problem().orElseThrow()).doesNotContain("at the staging");
      assertThat(atStaging()).isEqualTo(1);
      assertThat(stepAtStaging()).isEqualTo(new Step.Issued());
    }
    front.down(false);
    clock.advance(Duration.ofMinutes(2));
    try (Instance instance = start(true)) {
      awaitIssued(instance);
      assertThat(atStaging()).isEqualTo(1);
      assertThat(atReal()).isEqualTo(1);
    }
  }

  private void awaitIssued(Instance instance) {
    await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
    await().atMost(PATIENCE).until(() -> instance.status(name).problem().isEmpty());
  }

  private Instance start(boolean answers) throws Exception {
    return instance(answers).want(name);
  }

  private Instance instance(boolean answers) {
    Instance instance =
        new Instance(settings(), Instance.storage(directory), clock, StorageAccess.DIRECT);
    if (answers) {
      answerFrom(instance);
    }
    return instance;
  }

  private AcmeSettings settings() {
    return CaSettings.acme(CaSettings.of(REAL.pebble(), front.acmeDirectory()))
        .withIssuance(
            new IssuanceSettings(
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.of(CaSettings.of(STAGING.pebble()))));
  }

  private static void answerFrom(Instance instance) {
    REAL.responder().answerFrom(instance.manager::keyAuthorization, StagingFirstTest::nothing);
    STAGING.responder().answerFrom(instance.manager::keyAuthorization, StagingFirstTest::nothing);
  }

  private static <T> CompletionStage<Optional<T>> nothing(String host) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  private String serial(Instance instance) {
    X509Certificate leaf = instance.served(name).orElseThrow().chain().getFirst();
    return leaf.getSerialNumber().toString(16);
  }

  private List<String> filesOfStaging() throws Exception {
    return files(
        "certificates/%s/127.0.0.1_%d_dir"
            .formatted(name, STAGING.pebble().acmeDirectory().getPort()));
  }

  private List<String> files(String folder) throws Exception {
    try (Stream<Path> files = Files.list(directory.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Step stepAtStaging() throws Exception {
    try (Storage storage = new Storage(Instance.storage(directory), StorageAccess.DIRECT)) {
      return new NameStateStorage(storage, STAGING.pebble().acmeDirectory())
          .load(Instance.host(name))
          .step();
    }
  }

  private int atReal() {
    return REAL.pebble().orders() - ordersAtReal;
  }

  private int atStaging() {
    return STAGING.pebble().orders() - ordersAtStaging;
  }
}
