package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.challenge.Answer;
import dev.fairlead.acme.pebble.AnswersOnShare;
import dev.fairlead.acme.pebble.CaFront;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.Rate;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A CA of which a part is out of order, in the middle of an order: it is gone on with. */
class UnreliableCaTest {

  @RegisterExtension
  static final PebbleExtension CA = new PebbleExtension(new Pebble.Extras(1, Map.of()));

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String FINALIZE = "/finalize.*";
  private static final String CERTIFICATE = "/cert.*";
  private static final String AUTHORIZATION = "/auth.*";

  @TempDir Path directory;
  private final String name = "part%d.fairlead-tests.com".formatted(NUMBER.incrementAndGet());
  private final MutableClock clock = new MutableClock();
  private CaFront front;

  @BeforeEach
  void startFront() throws Exception {
    front = new CaFront(CA.pebble());
  }

  @AfterEach
  void stopFront() {
    front.close();
    CA.responder().forget();
  }

  @Test
  void whatItDoesNotFinalizeIsSpentOnce() throws Exception {
    front.refuse(FINALIZE, 4);
    Rate two = new Rate(2, Duration.ofDays(7));
    AcmeLimits limits =
        new AcmeLimits(Optional.empty(), Optional.of(two), Optional.of(two), Optional.empty());
    try (Instance instance = start(settings().withLimits(limits))) {
      awaitIssuedAfter(instance, 4);
    }
    assertThat(front.orders()).hasSize(1);
  }

  @Test
  void theUsualChainIsTakenWhereTheOthersCannotBeHad() throws Exception {
    front.refuse("/cert.*/alternate/.*", 100);
    AcmeSettings settings =
        CaSettings.acme(
            CaSettings.withChain(
                CaSettings.of(CA.pebble(), front.acmeDirectory()), "Nobody Root X1"));
    try (Instance instance = start(settings)) {
      await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
    }
    assertThat(front.posts("/cert.*/alternate/.*")).as("they were asked for").isPositive();
    assertThat(front.orders()).hasSize(1);
  }

  @Test
  void aCertificateThatIsThereIsFetchedWhateverBecameOfItsAuthorizations() throws Exception {
    front.refuse(CERTIFICATE, 1);
    try (Instance instance = start(settings())) {
      awaitFailures(instance, 1);
      front.refuse(AUTHORIZATION, 100);
      awaitIssuedAfter(instance, 1);
    }
    assertThat(front.orders()).hasSize(1);
  }

  @Test
  void aCertificateWhoseKeyIsGoneIsOrderedAnew() throws Exception {
    front.refuse(CERTIFICATE, 1);
    try (Instance instance = start(settings())) {
      awaitFailures(instance, 1);
      Files.delete(file("order.key.pem"));
      clock.advance(Duration.ofMinutes(2));
      awaitFailures(instance, 2);
      assertThat(instance.status(name).problem()).contains("the key of the certificate was lost");
      awaitIssuedAfter(instance, 2);
    }
    assertThat(front.orders()).hasSize(2);
  }

  @Test
  void whoEndsBeforeWhatItStoredIsCurrentIsFollowedByWhoMakesItSo() throws Exception {
    try (Instance instance = start(settings())) {
      await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
      // Who is ended before it is done keeps its lock for a while, in this process.
      await()
          .ignoreExceptionsInstanceOf(NoSuchFileException.class)
          .atMost(PATIENCE)
          .until(() -> Files.readString(file("state.json")).contains("\"issued\""));
      await().atMost(PATIENCE).until(() -> !Files.exists(file("order.key.pem")));
    }
    Files.delete(file("current"));
    try (Instance instance = start(settings())) {
      await().atMost(PATIENCE).until(() -> Files.exists(file("current/fullchain.pem")));
      assertThat(instance.serves(name, Origin.ACME)).isTrue();
    }
    assertThat(front.orders()).hasSize(1);
  }

  /** This Pebble does not show that it looks, and looks twice when it is told twice. */
  @Test
  void whoGoesOnWithAnOrderDoesNotLetTheCaLookTwice() throws Exception {
    CompletableFuture<Answer<String>> answer = new CompletableFuture<>();
    CompletableFuture<String> asked = new CompletableFuture<>();
    CA.responder()
        .answerFrom(
            token -> {
              asked.complete(token);
              return answer;
            },
            _ -> CompletableFuture.completedFuture(Optional.empty()));
    try (Instance first =
        new Instance(settings(), Instance.storage(directory), clock, StorageAccess.DIRECT)) {
      first.want(name);
      asked.get(60, TimeUnit.SECONDS);
    }
    long before = front.posts(AUTHORIZATION);
    try (Instance second =
        new Instance(settings(), Instance.storage(directory), clock, StorageAccess.DIRECT)) {
      second.want(name);
      await().atMost(PATIENCE).until(() -> front.posts(AUTHORIZATION) > before + 1);
      answer.complete(new AnswersOnShare(directory).apply(asked.get()).toCompletableFuture().get());
      await().atMost(PATIENCE).until(() -> second.serves(name, Origin.ACME));
    }
    assertThat(front.posts("/chal.*")).isEqualTo(1);
    assertThat(front.orders()).hasSize(1);
  }

  @Test
  void aCertificateThatHasEndedAlreadyIsNoneAndSaidSo() throws Exception {
    clock.advance(Duration.ofDays(91)); // or the CA's clock is as far behind
    try (Instance instance = start(settings())) {
      awaitFailures(instance, 1);
      assertThat(instance.status(name).problem().orElseThrow())
          .startsWith("the CA gave a certificate that ended at ");
      assertThat(instance.serves(name, Origin.LOCAL)).isTrue();
    }
  }

  private Instance start(AcmeSettings settings) throws Exception {
    Instance instance =
        new Instance(settings, Instance.storage(directory), clock, StorageAccess.DIRECT);
    CA.responder()
        .answerFrom(
            instance.manager::keyAuthorization,
            _ -> CompletableFuture.completedFuture(Optional.empty()));
    return instance.want(name);
  }

  private Path file(String file) {
    return directory
        .resolve("certificates")
        .resolve(name)
        .resolve("127.0.0.1_%d_dir".formatted(front.acmeDirectory().getPort()))
        .resolve(file);
  }

  private AcmeSettings settings() {
    return CaSettings.acme(CaSettings.of(CA.pebble(), front.acmeDirectory()));
  }

  private void awaitFailures(Instance instance, int failures) {
    await().atMost(PATIENCE).until(() -> instance.status(name).failures() >= failures);
  }

  /** Lets the pauses after failures pass. */
  private void awaitIssuedAfter(Instance instance, int failures) {
    List<Duration> pauses =
        List.of(1, 5, 15, 30, 60).stream()
            .map(minutes -> Duration.ofSeconds(75L * minutes))
            .toList();
    for (int failure = 1; failure <= failures; failure++) {
      awaitFailures(instance, failure);
      clock.advance(pauses.get(failure - 1));
    }
    await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
  }
}
