package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pebble.CaFront;
import dev.fairlead.acme.pebble.CaFront.Suggestion;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.store.StorageAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Renewals as a CA suggests them (RFC 9773). */
class RenewalInfoTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Pebble.Extras.NONE);

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;
  private final String name = "ari%d.fairlead-tests.com".formatted(NUMBER.incrementAndGet());
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
  void aCertificateIsRenewedInTheWindowThatTheCaSuggests() throws Exception {
    suggest(DAY.multipliedBy(20), DAY.multipliedBy(21), Duration.ofHours(6));
    try (Instance instance = start()) {
      ServedCertificate first = awaitIssued(instance);
      awaitAsked(1);

      clock.advance(DAY.multipliedBy(19));
      awaitAsked(2); // it has looked at the new time
      assertThat(served(instance)).isEqualTo(first);

      clock.advance(DAY.multipliedBy(2));
      ServedCertificate second = awaitAnother(instance, first);
      assertThat(second.notAfter()).isAfter(first.notAfter().minusSeconds(1));
    }
    assertThat(front.orders()).hasSize(2);
    assertThat(front.orders().getFirst().has("replaces")).isFalse();
    assertThat(front.orders().getLast().path("replaces").asText())
        .as("the certificate that it was asked about")
        .isEqualTo(front.asked().getFirst());
  }

  @Test
  void aWindowThatIsMovedIsHeardOfAndExplained() throws Exception {
    suggest(DAY.multipliedBy(60), DAY.multipliedBy(61), Duration.ofHours(1));
    try (LogCapture log = LogCapture.of(Renewal.class);
        Instance instance = start()) {
      ServedCertificate first = awaitIssued(instance);
      awaitAsked(1);
      Instant now = clock.instant();
      front.suggest(
          new Suggestion(
              now.plus(Duration.ofDays(1)),
              now.plus(Duration.ofDays(2)),
              Optional.of("https://ca.example/incident/7"),
              Optional.of(Duration.ofHours(6))));
      clock.advance(Duration.ofMinutes(30));
      awaitLooks(instance);
      assertThat(front.asked()).as("before the time that it said").hasSize(1);

      clock.advance(Duration.ofMinutes(31));
      awaitAsked(2);
      await()
          .untilAsserted(
              () ->
                  assertThat(log.warnings())
                      .singleElement()
                      .asString()
                      .startsWith(
                          "certificate of %s: the CA suggests to replace it between"
                              .formatted(name))
                      .endsWith("see https://ca.example/incident/7"));
      await()
          .untilAsserted(
              () ->
                  assertThat(instance.status(name).renewAt().orElseThrow())
                      .as("what metrics and alerts are told")
                      .isBetween(now.plus(DAY), now.plus(DAY.multipliedBy(2))));
      assertThat(served(instance)).isEqualTo(first);
      clock.advance(DAY.multipliedBy(2));
      awaitAnother(instance, first);
    }
  }

  @Test
  void aCaThatAlwaysSaysNowIsOrderedAtOnceADay() throws Exception {
    suggest(DAY.multipliedBy(-2), DAY.multipliedBy(-1), Duration.ofHours(6));
    try (Instance instance = start()) {
      ServedCertificate first = awaitIssued(instance);
      awaitAsked(1);
      awaitLooks(instance);
      assertThat(front.orders()).hasSize(1);

      clock.advance(DAY);
      ServedCertificate second = awaitAnother(instance, first);
      awaitAsked(2);
      awaitLooks(instance);
      assertThat(front.orders()).hasSize(2);
      assertThat(served(instance)).isEqualTo(second);
    }
  }

  @Test
  void aCaThatAlwaysSaysLaterDoesNotLetItExpire() throws Exception {
    suggest(DAY.multipliedBy(400), DAY.multipliedBy(500), Duration.ofHours(6));
    try (Instance instance = start()) {
      ServedCertificate first = awaitIssued(instance);
      awaitAsked(1);

      clock.advance(DAY.multipliedBy(76));
      awaitAnother(instance, first);
    }
  }

  @Test
  void whatWasReplacedBeforeIsOrderedAsANewOne() throws Exception {
    suggest(DAY.multipliedBy(20), DAY.multipliedBy(21), Duration.ofHours(6));
    try (Instance instance = start()) {
      ServedCertificate first = awaitIssued(instance);
      awaitAsked(1);
      front.replaced(front.asked().getFirst());

      clock.advance(DAY.multipliedBy(21));
      awaitAnother(instance, first);
      assertThat(instance.status(name).problem()).isEmpty();
    }
    assertThat(front.orders()).hasSize(3);
    assertThat(front.orders().get(1).has("replaces")).isTrue();
    assertThat(front.orders().get(2).has("replaces")).isFalse();
  }

  @Test
  void anotherInstanceAndARestartDoNotAskAgain() throws Exception {
    suggest(DAY.multipliedBy(20), DAY.multipliedBy(21), Duration.ofHours(6));
    try (Instance instance = start()) {
      awaitIssued(instance);
      awaitAsked(1);
      awaitKept();
      try (Instance other = start()) {
        await().until(() -> other.serves(name, Origin.ACME));
        awaitLooks(other);
      }
    }
    try (Instance restarted = start()) {
      await().until(() -> restarted.serves(name, Origin.ACME));
      awaitLooks(restarted);
    }
    assertThat(front.asked()).hasSize(1);
  }

  @Test
  void withoutAnAnswerItIsRenewedByItsAge() throws Exception {
    suggest(DAY.multipliedBy(20), DAY.multipliedBy(21), Duration.ofHours(6));
    try (Instance instance = start()) {
      front.garble(true);
      ServedCertificate first = awaitIssued(instance);
      awaitAsked(1);
      clock.advance(DAY.multipliedBy(30));
      awaitAsked(2);
      assertThat(served(instance)).isEqualTo(first);
      clock.advance(DAY.multipliedBy(32));
      awaitAnother(instance, first);
    }
    assertThat(front.orders().getLast().has("replaces")).isFalse();
  }

  private void suggest(Duration start, Duration end, Duration retryAfter) {
    Instant now = clock.instant();
    front.suggest(
        new Suggestion(now.plus(start), now.plus(end), Optional.empty(), Optional.of(retryAfter)));
  }

  private Instance start() throws Exception {
    Instance instance =
        new Instance(
            CaSettings.acme(CaSettings.of(CA.pebble(), front.acmeDirectory())),
            Instance.storage(directory),
            clock,
            StorageAccess.DIRECT);
    CA.responder()
        .answerFrom(instance.manager::keyAuthorization, instance.manager::validationCertificate);
    return instance.want(name);
  }

  private ServedCertificate awaitIssued(Instance instance) {
    await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
    await().atMost(PATIENCE).until(() -> instance.hasStored(name));
    return served(instance);
  }

  private ServedCertificate awaitAnother(Instance instance, ServedCertificate before) {
    await().atMost(PATIENCE).until(() -> !served(instance).equals(before));
    await().atMost(PATIENCE).until(() -> instance.hasStored(name));
    return served(instance);
  }

  private void awaitAsked(int times) {
    await().atMost(PATIENCE).until(() -> front.asked().size() >= times);
  }

  /** Every name is looked at in each round: what must not happen has no other sign. */
  private static void awaitLooks(Instance instance) {
    long end = System.nanoTime() + Instance.FAST.settled().multipliedBy(4).toNanos();
    await().until(() -> System.nanoTime() - end > 0 && !instance.heard.isEmpty());
  }

  private void awaitKept() {
    await()
        .until(
            () -> {
              try (Stream<Path> files = Files.walk(directory)) {
                return files.anyMatch(file -> file.endsWith("renewal.json"));
              }
            });
  }

  private ServedCertificate served(Instance instance) {
    return instance.served(name).orElseThrow();
  }
}
