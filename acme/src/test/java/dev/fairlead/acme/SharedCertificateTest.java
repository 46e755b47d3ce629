package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.CertificateActions.Issued;
import dev.fairlead.acme.CertificateActions.Pending;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.challenge.Answer;
import dev.fairlead.acme.issue.RevocationReason;
import dev.fairlead.acme.pebble.AnswersOnShare;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.StorageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names that share one certificate of a real CA. Long, as each way that they come and go is a few
 * lines on the same set-up.
 */
class SharedCertificateTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Duration.ofDays(90), 20);

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final MutableClock clock = new MutableClock();
  private final String main = "shared%d.fairlead-tests.com".formatted(NUMBER.incrementAndGet());
  private final String www = "www." + main;
  private final String api = "api." + main;
  private final String added = "added." + main;
  private final int before = CA.pebble().orders();

  @AfterEach
  void forgetAnswers() {
    CA.responder().forget();
  }

  @Test
  void threeNamesHaveOneOrderAndTwoInstancesServeItsCertificate() throws Exception {
    try (Instance one = start();
        Instance other = start()) {
      one.wantTogether(main + " " + www + " " + api);
      other.wantTogether(main + " " + www + " " + api);
      X509Certificate certificate = awaitShared(one, main, www, api);
      assertThat(awaitShared(other, main, www, api)).isEqualTo(certificate);
      assertThat(Names.dns(certificate)).containsExactlyInAnyOrder(main, www, api);
      assertThat(orders()).isEqualTo(1);
      assertThat(one.status(www).problem()).isEmpty();
      assertThat(one.status(www).renewAt()).isEqualTo(one.status(main).renewAt());
      await().until(() -> Files.exists(certificatesOf(www)));
    }
  }

  @Test
  void aNameThatIsAddedCausesOneOrderAndOneThatIsTakenOffNone() throws Exception {
    try (Instance one = start();
        Instance other = start()) {
      one.wantTogether(main + " " + www);
      other.wantTogether(main + " " + www);
      X509Certificate first = awaitShared(one, main, www);
      awaitShared(other, main, www);

      one.wantTogether(main + " " + www + " " + added);
      other.wantTogether(main + " " + www + " " + added);
      X509Certificate second = awaitShared(one, main, www, added);
      assertThat(second).isNotEqualTo(first);
      assertThat(awaitShared(other, main, www, added)).isEqualTo(second);
      assertThat(orders()).isEqualTo(2);

      one.wantTogether(main + " " + added, www);
      awaitLooks(one);
      assertThat(awaitShared(one, main, added, www)).as("also of the name alone").isEqualTo(second);
      assertThat(orders()).isEqualTo(2);
    }
  }

  @Test
  void theNextNameOrdersWhenTheFirstHasLeftAndNotBeforeItIsTime() throws Exception {
    try (Instance instance = start()) {
      instance.wantTogether(main + " " + www + " " + api);
      X509Certificate first = awaitShared(instance, main, www, api);

      instance.wantTogether(www + " " + api);
      awaitLooks(instance);
      assertThat(awaitShared(instance, www, api)).isEqualTo(first);
      assertThat(orders()).isEqualTo(1);

      clock.advance(Duration.ofDays(62));
      await().atMost(PATIENCE).until(() -> orders() == 2);
      await().atMost(PATIENCE).until(() -> !certificate(instance, api).equals(first));
      assertThat(Names.dns(awaitShared(instance, www, api))).containsExactlyInAnyOrder(www, api);
      assertThat(orders()).isEqualTo(2);
    }
  }

  @Test
  void namesThatHadTheirOwnAreServedWithThoseUntilTheyShareOne() throws Exception {
    X509Certificate own;
    try (Instance instance = start()) {
      instance.want(www);
      await().atMost(PATIENCE).until(() -> instance.hasStored(www));
      own = certificate(instance, www);
    }
    CA.responder().forget(); // nobody answers the CA
    try (Instance instance = silent()) {
      instance.wantTogether(main + " " + www);
      assertThat(instance.first(www)).contains(Origin.ACME);
      await().atMost(PATIENCE).until(() -> instance.status(www).problem().isPresent());
      assertThat(certificate(instance, www)).isEqualTo(own);
      assertThat(instance.serves(main, Origin.LOCAL)).isTrue();
    }
    clock.advance(Duration.ofHours(7));
    try (Instance instance = start()) {
      instance.wantTogether(main + " " + www);
      assertThat(awaitShared(instance, main, www)).isNotEqualTo(own);
    }
  }

  @Test
  void aNameThatFailsHoldsUpTheOthersAndIsNamed() throws Exception {
    try (Instance instance = new Instance(settings(Challenge.TLS_ALPN_01), store(), clock, all())) {
      CA.responder()
          .answerFrom(
              instance.manager::keyAuthorization,
              host -> host.equals(api) ? none() : instance.manager.validationCertificate(host));
      instance.wantTogether(main + " " + www + " " + api);
      await().atMost(PATIENCE).until(() -> instance.status(www).problem().isPresent());

      String problem = instance.status(main).problem().orElseThrow();
      assertThat(problem).startsWith(api + ": tls-alpn-01 failed, the CA says: ");
      assertThat(instance.status(www).problem())
          .contains(
              "waits for the certificate that it shares with %s: %s".formatted(main, problem));
      assertThat(instance.status(www).nextAttempt())
          .isEqualTo(instance.status(main).nextAttempt())
          .isPresent();
      assertThat(instance.serves(main, Origin.LOCAL)).isTrue();
      assertThat(orders()).isEqualTo(1);

      instance.wantTogether(main + " " + www, api); // what failed was another certificate
      awaitShared(instance, main, www);
      await().until(() -> instance.status(www).problem().isEmpty());
    }
  }

  @Test
  void aNameThatNoCaCanNameIsSaidOfAll() throws Exception {
    try (Instance instance = start()) {
      instance.wantTogether(main + " *." + main);
      String problem = instance.status(main).problem().orElseThrow();
      assertThat(problem)
          .startsWith("tls of *.%s: acme (expected: local, as a wild".formatted(main));
      assertThat(instance.status("*." + main).problem())
          .contains(
              "waits for the certificate that it shares with %s: %s".formatted(main, problem));
      assertThat(orders()).isZero();
    }
  }

  @Test
  void whoEndsInTheMiddleOfTheOrderGoesOnWithItWhereTheNamesAreTheSame() throws Exception {
    endInTheMiddle(main + " " + www);
    assertThat(state(main)).contains("\"validating\"", "\"together\"");
    try (Instance restarted = start()) {
      restarted.wantTogether(main + " " + www);
      awaitShared(restarted, main, www);
      assertThat(orders()).isEqualTo(1);
    }
  }

  @Test
  void anOrderForOtherNamesIsNotGoneOnWith() throws Exception {
    endInTheMiddle(main + " " + www);
    try (Instance restarted = start()) {
      restarted.wantTogether(main + " " + www + " " + api);
      X509Certificate certificate = awaitShared(restarted, main, www, api);
      assertThat(Names.dns(certificate)).containsExactlyInAnyOrder(main, www, api);
      assertThat(orders()).isEqualTo(2);
    }
  }

  @Test
  void anOrderOfOneNameIsNotGoneOnWithForSeveral() throws Exception {
    endInTheMiddle(main);
    assertThat(state(main)).contains("\"validating\"").doesNotContain("together");
    try (Instance restarted = start()) {
      restarted.wantTogether(main + " " + www);
      awaitShared(restarted, main, www);
      assertThat(orders()).isEqualTo(2);
    }
  }

  /** Killed (SIGKILL) when the first name has its certificate, and none of the others. */
  @Test
  void whoDiesBeforeTheOthersHaveTheirCopyIsFollowedByWhoMakesThem() throws Exception {
    killOnceStored(main);
    assertThat(certificatesOf(main)).exists();
    assertThat(certificatesOf(www)).doesNotExist();
    assertThat(certificatesOf(api)).doesNotExist();
    try (Instance restarted = start()) {
      restarted.wantTogether(main + " " + www + " " + api);
      awaitShared(restarted, main, www, api);
      await().until(() -> Files.exists(certificatesOf(api)));
      assertThat(orders()).isEqualTo(1);
    }
  }

  /** Killed (SIGKILL) when a name that had ordered for itself has its copy, and nothing else. */
  @Test
  void anOrderOfItsOwnIsOverForANameThatHasItsCopyWhoeverDies() throws Exception {
    endInTheMiddle(www);
    assertThat(state(www)).contains("\"validating\"");
    Path key = Files.createFile(folder(www).resolve("order.key.pem"));
    killOnceStored(www);
    try (Instance restarted = start()) {
      restarted.wantTogether(main + " " + www + " " + api);
      awaitShared(restarted, main, www, api);
      await().until(() -> state(www).contains("\"issued\"") && !Files.exists(key));
      assertThat(orders()).isEqualTo(2);
    }
  }

  @Test
  void whatIsAskedForOfOneNameIsDoneForAll() throws Exception {
    try (Instance instance = start();
        CertificateActions actions =
            new CertificateActions(settings(Challenge.HTTP_01), store(), clock)) {
      instance.wantTogether(main + " " + www);
      X509Certificate first = awaitShared(instance, main, www);

      Pending renewal = actions.renew(Instance.host(www));
      assertThat(actions.await(renewal, PATIENCE)).isInstanceOf(Issued.class);
      await().atMost(PATIENCE).until(() -> !certificate(instance, www).equals(first));
      X509Certificate second = awaitShared(instance, main, www);
      awaitLooks(instance);
      assertThat(orders()).isEqualTo(2);

      Pending revocation =
          actions.revoke(Instance.host(www), RevocationReason.KEY_COMPROMISE, _ -> {});
      assertThat(actions.await(revocation, PATIENCE)).isInstanceOf(Issued.class);
      await().atMost(PATIENCE).until(() -> !certificate(instance, www).equals(second));
      X509Certificate third = awaitShared(instance, main, www);
      awaitLooks(instance);
      assertThat(third.getPublicKey()).isNotEqualTo(second.getPublicKey());
      assertThat(orders()).isEqualTo(3);
    }
  }

  /** Wants all three, and dies when one has its certificate. */
  private void killOnceStored(String name) throws IOException {
    CA.responder().answerFrom(new AnswersOnShare(directory), host -> none());
    try (KilledProcess process =
        KilledProcess.start(
            directory, settings(Challenge.HTTP_01), List.of(main + " " + www + " " + api))) {
      process.awaitThat(() -> Files.exists(certificatesOf(name)));
    }
  }

  /** Leaves an order behind that the CA has not looked at. */
  private void endInTheMiddle(String names) throws Exception {
    CompletableFuture<String> asked = new CompletableFuture<>();
    CompletableFuture<Answer<String>> answer = new CompletableFuture<>();
    CA.responder()
        .answerFrom(
            token -> {
              asked.complete(token);
              return answer;
            },
            host -> none());
    try (Instance instance = silent()) {
      instance.wantTogether(names);
      asked.get(60, TimeUnit.SECONDS);
    }
    Path kept = directory.resolve("challenges/http-01").resolve(asked.get());
    answer.complete(new Answer.Found<>(Files.readString(kept)));
  }

  /** Waits until all of them are served with the same certificate, which is stored for each. */
  private static X509Certificate awaitShared(Instance instance, String... names) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              for (String name : names) {
                if (!instance.serves(name, Origin.ACME)
                    || !certificate(instance, name).equals(certificate(instance, names[0]))
                    || !instance.hasStored(name)) {
                  return false;
                }
              }
              return true;
            });
    return certificate(instance, names[0]);
  }

  private static X509Certificate certificate(Instance instance, String name) {
    return instance.served(name).orElseThrow().chain().getFirst();
  }

  /** Lets the time of some looks go by: what must not happen has no other sign. */
  private static void awaitLooks(Instance instance) {
    long end = System.nanoTime() + Instance.FAST.settled().multipliedBy(3).toNanos();
    await().until(() -> System.nanoTime() - end > 0 && !instance.heard.isEmpty());
  }

  private int orders() {
    return CA.pebble().orders() - before;
  }

  private Instance start() {
    Instance instance = silent();
    CA.responder()
        .answerFrom(instance.manager::keyAuthorization, instance.manager::validationCertificate);
    return instance;
  }

  /** One that the CA gets no answer from. */
  private Instance silent() {
    return new Instance(settings(Challenge.HTTP_01), store(), clock, all());
  }

  private static AcmeSettings settings(Challenge challenge) {
    return new AcmeSettings(
        CA.pebble().acmeDirectory(),
        Optional.of("somebody@fairlead-tests.com"),
        Optional.of(CA.pebble().caFile()),
        challenge);
  }

  private StorageSettings store() {
    return Instance.storage(directory);
  }

  private static StorageAccess all() {
    return StorageAccess.DIRECT;
  }

  private static <T> CompletableFuture<Optional<T>> none() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  private String state(String name) throws IOException {
    return Files.readString(folder(name).resolve("state.json"));
  }

  /** There once it is stored. */
  private Path certificatesOf(String name) throws IOException {
    return folder(name).resolve("current");
  }

  private Path folder(String name) throws IOException {
    Path folder = directory.resolve("certificates").resolve(name);
    if (!Files.isDirectory(folder)) {
      return folder;
    }
    try (Stream<Path> authorities = Files.list(folder)) {
      return authorities.filter(Files::isDirectory).findFirst().orElse(folder);
    }
  }
}
