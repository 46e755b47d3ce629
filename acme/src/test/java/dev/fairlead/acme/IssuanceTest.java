package dev.fairlead.acme;

import static dev.fairlead.acme.Instance.host;
import static dev.fairlead.config.bootstrap.AcmeSettings.Challenge.HTTP_01;
import static dev.fairlead.config.bootstrap.AcmeSettings.Challenge.TLS_ALPN_01;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.challenge.Answer;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates from a real CA that rejects a fifth of the nonces. Long, as each way that an order
 * can go is a few lines on the same set-up.
 */
class IssuanceTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Duration.ofDays(90), 20);

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final String name = "shop%d.fairlead-tests.com".formatted(NUMBER.incrementAndGet());

  @AfterEach
  void forgetAnswers() {
    CA.responder().forget();
  }

  @Test
  void issuesByHttpAndKeepsItPrivate() throws Exception {
    try (Instance instance = start(HTTP_01).want(name)) {
      awaitIssued(instance);

      ServedCertificate served = instance.served(name).orElseThrow();
      assertThat(served.chain()).hasSizeGreaterThan(1);
      assertThat(served.chain().getFirst().getSubjectAlternativeNames().toString()).contains(name);
      assertThat(served.toString()).doesNotContainIgnoringCase("key");
      assertThat(instance.status(name).problem()).isEmpty();
    }
    assertEverythingIsPrivate();
    assertThat(directory.resolve("challenges/http-01")).isEmptyDirectory();
  }

  @Test
  void issuesByTlsAlpn() throws Exception {
    try (Instance instance = start(TLS_ALPN_01).want(name)) {
      awaitIssued(instance);
    }
    assertThat(directory.resolve("challenges/tls-alpn-01")).isEmptyDirectory();
  }

  @Test
  void servesTheLocalCaUntilTheCertificateIsThere() throws Exception {
    try (Instance instance = start(HTTP_01).want(name)) {
      assertThat(instance.first(name)).contains(Origin.LOCAL);
      awaitIssued(instance);
    }
  }

  @Test
  void ordersNothingAtTheSecondStart() throws Exception {
    try (Instance first = start(HTTP_01).want(name)) {
      awaitIssued(first);
    }
    int orders = CA.pebble().orders();
    try (Instance second = start(HTTP_01).want(name)) {
      // What is stored is the first thing that is heard: there was no moment without it.
      assertThat(second.first(name)).contains(Origin.ACME);
      awaitPolls(second, 5);
      assertThat(CA.pebble().orders()).isEqualTo(orders);
    }
  }

  @Test
  void twoInstancesOrderEachNameOnce() throws Exception {
    String[] names = Stream.of("a.", "b.", "c.").map(label -> label + name).toArray(String[]::new);
    int orders = CA.pebble().orders();
    try (Instance one = start(HTTP_01);
        Instance other = start(HTTP_01)) {
      one.manager.wanted(wanted(names));
      other.manager.wanted(wanted(names));
      for (String each : names) {
        await().atMost(PATIENCE).until(() -> one.serves(each, Origin.ACME));
        await().until(() -> other.serves(each, Origin.ACME));
        assertThat(one.served(each)).isEqualTo(other.served(each));
      }
      assertThat(CA.pebble().orders() - orders).isEqualTo(names.length);
      try (Stream<Path> accounts = Files.list(directory.resolve("accounts"))) {
        assertThat(accounts).hasSize(1);
      }
    }
  }

  @Test
  void looksAgainOnceItHasTheLock() throws Exception {
    AtomicBoolean overtaken = new AtomicBoolean();
    StorageAccess overtaking =
        path -> {
          if (path.endsWith("state.json") && overtaken.compareAndSet(false, true)) {
            issueElsewhere(); // between the look that found nothing and the lock
          }
        };
    int orders = CA.pebble().orders();
    StorageSettings patient = new StorageSettings(directory, PATIENCE);
    try (Instance late = new Instance(settings(HTTP_01), patient, clock(), overtaking)) {
      late.want(name);
      awaitIssued(late);
      assertThat(overtaken).isTrue();
      assertThat(CA.pebble().orders() - orders).isEqualTo(1);
    }
  }

  private void issueElsewhere() {
    try (Instance early = start(HTTP_01)) {
      early.want(name);
      awaitIssued(early);
    } catch (Exception e) {
      throw new AssertionError("the other instance failed", e);
    }
  }

  @Test
  void anotherInstanceOnTheShareAnswersTheCa() throws Exception {
    try (Instance ordering = new Instance(settings(HTTP_01), storage(), clock(), all());
        Instance answering = new Instance(settings(HTTP_01), storage(), clock(), all())) {
      CA.responder().answerFrom(answering.manager::keyAuthorization, host -> none());
      ordering.want(name);
      awaitIssued(ordering);
    }
  }

  @Test
  void waitsLongerAfterAFailureAlsoAfterARestart() throws Exception {
    int orders = CA.pebble().orders();
    try (Instance instance = new Instance(settings(HTTP_01), storage(), clock(), all())) {
      instance.want(name); // nobody answers the CA
      await().atMost(PATIENCE).until(() -> failed(instance));
      assertThat(instance.status(name).problem().orElseThrow())
          .startsWith("http-01 failed, the CA says: ")
          .contains("expected: the name's DNS leads here");
      assertThat(instance.status(name).nextAttempt().orElseThrow())
          .isBetween(clock().instant().plusSeconds(40), clock().instant().plusSeconds(75));
      assertThat(instance.serves(name, Origin.LOCAL)).isTrue();
    }
    MutableClock clock = new MutableClock();
    try (Instance restarted = new Instance(settings(HTTP_01), storage(), clock, all())) {
      restarted.want(name);
      await().until(() -> restarted.status(name).nextAttempt().isPresent());
      awaitPolls(restarted, 5);
      assertThat(CA.pebble().orders() - orders).isEqualTo(1);

      answerWith(restarted);
      clock.advance(Duration.ofMinutes(2));
      awaitIssued(restarted);
      assertThat(CA.pebble().orders() - orders).isEqualTo(2);
      await().until(() -> restarted.status(name).problem().isEmpty());
    }
  }

  @Test
  void whoEndsInTheMiddleOfAnOrderGoesOnWithItAfterwards() throws Exception {
    int orders = CA.pebble().orders();
    CompletableFuture<String> asked = new CompletableFuture<>();
    CompletableFuture<Answer<String>> answer = new CompletableFuture<>();
    CA.responder()
        .answerFrom(
            token -> {
              asked.complete(token);
              return answer;
            },
            host -> none());
    try (Instance instance = new Instance(settings(HTTP_01), storage(), clock(), all())) {
      instance.want(name);
      asked.get(60, TimeUnit.SECONDS);
    }
    String token = asked.get();
    answer.complete(
        new Answer.Found<>(
            Files.readString(directory.resolve("challenges/http-01").resolve(token))));
    try (Instance restarted = start(HTTP_01).want(name)) {
      awaitIssued(restarted);
      await().until(() -> restarted.status(name).problem().isEmpty());
      assertThat(CA.pebble().orders() - orders).isEqualTo(1);
    }
    assertThat(folder().resolve("order.key.pem")).doesNotExist();
    assertThat(folder().resolve("state.json")).content().contains("\"issued\"");
    assertThat(directory.resolve("challenges/http-01")).isEmptyDirectory();
  }

  @Test
  void anOrderWhoseUrlWasLostIsFoundInTheAccountsList() throws Exception {
    AtomicBoolean lost = new AtomicBoolean();
    StorageAccess losing =
        path -> {
          // The first use after "checked" was written is to write the URL.
          if (path.endsWith("state.json")
              && Files.exists(path)
              && Files.readString(path).contains("\"checked\"")
              && lost.compareAndSet(false, true)) {
            throw new IOException("Input/output error");
          }
        };
    int orders = CA.pebble().orders();
    try (Instance other = start(HTTP_01).want("other." + name)) {
      await().atMost(PATIENCE).until(() -> other.serves("other." + name, Origin.ACME));
    }
    try (Instance instance = new Instance(settings(HTTP_01), storage(), clock(), losing)) {
      answerWith(instance);
      instance.want(name);
      awaitIssued(instance);
    }
    assertThat(lost).isTrue();
    assertThat(CA.pebble().orders() - orders).as("with that of another name").isEqualTo(2);
  }

  @Test
  void whoEndsBeforeItIsSaidThatACertificateIsStoredDoesNotFetchItAgain() throws Exception {
    MutableClock clock = new MutableClock();
    List<String> states = new CopyOnWriteArrayList<>();
    StorageAccess remembering =
        path -> {
          if (path.endsWith("state.json") && Files.exists(path)) {
            states.add(Files.readString(path));
          }
        };
    try (Instance first = new Instance(settings(HTTP_01), storage(), clock, remembering)) {
      answerWith(first);
      first.want(name);
      awaitIssued(first);
      await().until(() -> first.status(name).problem().isEmpty());
    }
    int orders = CA.pebble().orders();
    String before =
        states.stream().filter(state -> state.contains("validating")).findFirst().orElseThrow();
    KeyAndChain stored = stored();
    Files.writeString(folder().resolve("state.json"), before);
    Files.writeString(
        folder().resolve("order.key.pem"),
        Pem.of(stored.privateKey()) + Pem.of(stored.leaf().getPublicKey()));

    clock.advance(Duration.ofDays(61));
    try (Instance second = new Instance(settings(HTTP_01), storage(), clock, all())) {
      answerWith(second);
      second.want(name);
      await()
          .atMost(PATIENCE)
          .until(() -> !second.served(name).orElseThrow().chain().equals(stored.chain()));
      assertThat(second.served(name).orElseThrow().chain().getFirst().getPublicKey())
          .isNotEqualTo(stored.leaf().getPublicKey());
      assertThat(CA.pebble().orders()).isGreaterThan(orders);
    }
  }

  private KeyAndChain stored() throws Exception {
    Path current = folder().resolve("current");
    return new KeyAndChain(
        Pem.privateKey(Files.readString(current.resolve("privkey.pem"))),
        Pem.certificates(Files.readString(current.resolve("fullchain.pem"))));
  }

  @Test
  void renewsAfterTwoThirdsOfTheLife() throws Exception {
    MutableClock clock = new MutableClock();
    try (Instance instance = new Instance(settings(HTTP_01), storage(), clock, all())) {
      answerWith(instance);
      instance.want(name);
      awaitIssued(instance);
      ServedCertificate first = instance.served(name).orElseThrow();
      int orders = CA.pebble().orders();

      clock.advance(Duration.ofDays(59));
      awaitPolls(instance, 5);
      assertThat(CA.pebble().orders()).isEqualTo(orders);

      clock.advance(Duration.ofDays(2));
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  CA.pebble().orders() > orders
                      && !instance.served(name).orElseThrow().equals(first)
                      && instance.hasStored(name));
      // It is served before it is stored.
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(generations()).as("the new one and the last good one").hasSize(2));
    }
  }

  @Test
  void forgetsAnAccountThatTheCaDoesNotKnow() throws Exception {
    try (Instance first = start(HTTP_01).want("first." + name)) {
      await().atMost(PATIENCE).until(() -> first.serves("first." + name, Origin.ACME));
    }
    Path account = accountFile();
    Files.writeString(
        account, Files.readString(account).replaceAll("/my-account/[^\"]+", "/my-account/gone"));
    try (Instance second = start(HTTP_01).want(name)) {
      awaitIssued(second);
    }
    assertThat(Files.readString(account)).doesNotContain("/my-account/gone");
  }

  @Test
  void keepsACertificateThatCouldNotBeStoredAtOnce() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    StorageAccess fullAtFirst =
        path -> {
          if (path.endsWith("fullchain.pem")
              && path.toString().contains(".new-")
              && refused.getAndIncrement() < 3) {
            throw new IOException("No space left on device");
          }
        };
    int orders = CA.pebble().orders();
    try (Instance instance = new Instance(settings(HTTP_01), storage(), clock(), fullAtFirst)) {
      answerWith(instance);
      instance.want(name);
      awaitIssued(instance);
      awaitPolls(instance, 3);
      assertThat(instance.serves(name, Origin.ACME)).isTrue();
      assertThat(CA.pebble().orders() - orders).isEqualTo(1);
      assertThat(generations()).hasSize(1);
    }
  }

  @Test
  void saysWhenTheCaCannotBeTrusted() throws Exception {
    AcmeSettings untrusted =
        new AcmeSettings(CA.pebble().acmeDirectory(), Optional.empty(), Optional.empty(), HTTP_01);
    try (Instance instance = new Instance(untrusted, storage(), clock(), all())) {
      instance.want(name);
      await().atMost(PATIENCE).until(() -> failed(instance));
      assertThat(instance.status(name).problem().orElseThrow())
          .startsWith("the CA at https://127.0.0.1")
          .contains("cannot be reached")
          .doesNotContain("\n");
    }
  }

  private Instance start(AcmeSettings.Challenge challenge) {
    Instance instance = new Instance(settings(challenge), storage(), clock(), all());
    answerWith(instance);
    return instance;
  }

  private static void answerWith(Instance instance) {
    CA.responder()
        .answerFrom(instance.manager::keyAuthorization, instance.manager::validationCertificate);
  }

  private static AcmeSettings settings(AcmeSettings.Challenge challenge) {
    return new AcmeSettings(
        CA.pebble().acmeDirectory(),
        Optional.of("somebody@fairlead-tests.com"),
        Optional.of(CA.pebble().caFile()),
        challenge);
  }

  private StorageSettings storage() {
    return Instance.storage(directory);
  }

  private static Clock clock() {
    return Clock.systemUTC();
  }

  private static StorageAccess all() {
    return StorageAccess.DIRECT;
  }

  private static <T> CompletableFuture<Optional<T>> none() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  private static Set<WantedName> wanted(String... names) {
    return Stream.of(names)
        .map(each -> new WantedName(host(each), TlsMode.ACME))
        .collect(Collectors.toSet());
  }

  private boolean failed(Instance instance) {
    return instance.status(name).problem().isPresent();
  }

  /**
   * A certificate is served before it is stored: who closes in between has none at the next start.
   */
  private void awaitIssued(Instance instance) {
    await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
    await().atMost(PATIENCE).until(() -> Files.exists(folder().resolve("current")));
  }

  /** Lets the time of some looks go by: what must not happen has no other sign. */
  private static void awaitPolls(Instance instance, int polls) {
    long end = System.nanoTime() + Instance.FAST.poll().multipliedBy(polls).toNanos();
    await().until(() -> System.nanoTime() - end > 0 && !instance.heard.isEmpty());
  }

  private Path folder() throws IOException {
    try (Stream<Path> authorities = Files.list(directory.resolve("certificates").resolve(name))) {
      return authorities.findFirst().orElseThrow();
    }
  }

  private List<Path> generations() throws IOException {
    try (Stream<Path> entries = Files.list(folder())) {
      return entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  private Path accountFile() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("accounts"))) {
      return files.filter(file -> file.endsWith("account.json")).findFirst().orElseThrow();
    }
  }

  private void assertEverythingIsPrivate() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(each -> !each.equals(directory)).toList()) {
        if (!Files.isSymbolicLink(file)) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(file.toString())
              .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
        }
      }
    }
  }
}
