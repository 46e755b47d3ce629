package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.CertificateActions.Issued;
import dev.fairlead.acme.CertificateActions.Pending;
import dev.fairlead.acme.CertificateActions.Waiting;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.challenge.Answer;
import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.acme.issue.RevocationReason;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.NameArchive;
import dev.fairlead.acme.store.NameFolder;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.NameStateStorage;
import dev.fairlead.acme.store.RenewalStorage;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.KeySettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people ask for by command, beside instances that run, at a real CA. Long, as each command
 * and each moment for it is a few lines on the same set-up.
 */
class CertificateActionsTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Pebble.Extras.NONE);

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final String name = "asked-for%d.fairlead-tests.com".formatted(NUMBER.incrementAndGet());
  private final MutableClock clock = new MutableClock();
  private final List<String> said = new ArrayList<>();

  @AfterEach
  void forgetAnswers() {
    CA.responder().forget();
  }

  @Test
  void aNewCertificateIsOrderedOnceByTheInstancesThatRun() throws Exception {
    try (Instance one = start();
        Instance other = start();
        CertificateActions actions = actions()) {
      ServedCertificate first = awaitIssued(one);
      await().atMost(PATIENCE).until(() -> other.serves(name, Origin.ACME));
      int orders = CA.pebble().orders();

      Pending pending = actions.renew(Instance.host(name));
      assertThat(actions.await(pending, PATIENCE)).isInstanceOf(Issued.class);

      ServedCertificate second = awaitAnother(one, first);
      await().atMost(PATIENCE).until(() -> served(other).equals(second));
      awaitLooks(one);
      assertThat(CA.pebble().orders() - orders).isEqualTo(1);
    }
  }

  @Test
  void aWishThatNobodyHeardIsFulfilledAtTheNextStart() throws Exception {
    ServedCertificate first;
    try (Instance instance = start()) {
      first = awaitIssued(instance);
    }
    try (CertificateActions actions = actions()) {
      Pending pending = actions.renew(Instance.host(name));
      assertThat(actions.await(pending, Duration.ofSeconds(1)))
          .isEqualTo(new Waiting(Optional.empty(), Optional.empty()));
    }
    try (Instance instance = start()) {
      await().until(() -> instance.serves(name, Origin.ACME));
      awaitAnother(instance, first);
    }
  }

  @Test
  void aNameThatFailedIsTriedAtOnce() throws Exception {
    try (Instance instance = start()) {
      CA.responder().forget(); // nobody answers the CA
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  instance.status(name).problem().filter(text -> text.contains("01")).isPresent());
      int orders = CA.pebble().orders();
      answerWith(instance);
      try (CertificateActions actions = actions()) {
        Pending pending = actions.renew(Instance.host(name));
        assertThat(actions.await(pending, PATIENCE)).isInstanceOf(Issued.class);
      }
      assertThat(CA.pebble().orders() - orders).isEqualTo(1);
      await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
    }
  }

  @Test
  void aNameThatTheStorageDoesNotKnowIsNoName() throws Exception {
    try (CertificateActions actions = actions()) {
      assertThatThrownBy(() -> actions.renew(Instance.host(name)))
          .isInstanceOf(ActionException.class)
          .hasMessage(
              name + ": the storage knows nothing of it (expected: a name that a service has)");
      assertThatThrownBy(
              () -> actions.revoke(Instance.host(name), RevocationReason.UNSPECIFIED, said::add))
          .isInstanceOf(ActionException.class)
          .hasMessage(name + ": no certificate of it is stored");
    }
  }

  @Test
  void aRevokedCertificateIsReplacedByOneWithAnotherKey() throws Exception {
    try (Instance instance = start(keepingKeys());
        CertificateActions actions = actions()) {
      ServedCertificate first = awaitIssued(instance);
      PublicKey key = first.chain().getFirst().getPublicKey();

      Pending pending = actions.revoke(Instance.host(name), RevocationReason.SUPERSEDED, said::add);

      String serial = first.chain().getFirst().getSerialNumber().toString(16);
      assertThat(said)
          .containsExactly(
              "%s: the certificate %s was revoked at %s"
                  .formatted(name, serial, CA.pebble().acmeDirectory()));
      assertThat(statusAtCa(serial)).contains("\"Status\": \"Revoked\"").contains("\"Reason\": 4");
      assertThat(actions.await(pending, PATIENCE)).isInstanceOf(Issued.class);
      ServedCertificate second = awaitAnother(instance, first);
      assertThat(second.chain().getFirst().getPublicKey()).isNotEqualTo(key);

      assertThat(actions.await(actions.renew(Instance.host(name)), PATIENCE))
          .isInstanceOf(Issued.class);
      assertThat(awaitAnother(instance, second).chain().getFirst().getPublicKey())
          .as("a renewal keeps the key")
          .isEqualTo(second.chain().getFirst().getPublicKey());
    }
  }

  @Test
  void aCertificateOfAnotherAccountIsRevokedWithItsOwnKey() throws Exception {
    try (Instance instance = start()) {
      awaitIssued(instance);
    }
    try (Storage storage = storage()) {
      accounts(storage).saveKey(Keys.newP256());
      accounts(storage).saveUrl(CA.pebble().acmeDirectory().resolve("/my-account/gone"));
    }
    try (CertificateActions actions = actions()) {
      actions.revoke(Instance.host(name), RevocationReason.UNSPECIFIED, said::add);
    }
    assertThat(said).singleElement().asString().contains("was revoked");
  }

  @Test
  void aNameInTheArchiveIsNotOrderedAndCanBeRevoked() throws Exception {
    ServedCertificate first;
    try (Instance instance = start()) {
      first = awaitIssued(instance);
    }
    archive();
    try (CertificateActions actions = actions()) {
      assertThatThrownBy(() -> actions.renew(Instance.host(name)))
          .isInstanceOf(ActionException.class)
          .hasMessageStartingWith(
              name + ": it is archived, as no service has had it for long (fix:");
      assertThat(said).isEmpty();

      actions.revoke(Instance.host(name), RevocationReason.KEY_COMPROMISE, said::add);
    }
    assertThat(said)
        .containsExactly(
            name + ": it was archived, and is kept outside of the archive for another 7 days",
            "%s: the certificate %s was revoked at %s"
                .formatted(
                    name,
                    first.chain().getFirst().getSerialNumber().toString(16),
                    CA.pebble().acmeDirectory()));
    archive();
    try (Instance instance = start()) {
      assertThat(instance.first(name)).as("it comes back").contains(Origin.ACME);
      PublicKey before = first.chain().getFirst().getPublicKey();
      await()
          .atMost(PATIENCE)
          .until(() -> !served(instance).chain().getFirst().getPublicKey().equals(before));
    }
  }

  /** Who asked for it first may have died before the next certificate was asked for. */
  @Test
  void aCertificateThatWasRevokedBeforeIsSaidToBeAndReplaced() throws Exception {
    ServedCertificate first;
    try (Instance instance = start()) {
      first = awaitIssued(instance);
    }
    try (CertificateActions actions = actions();
        Storage storage = storage()) {
      actions.revoke(Instance.host(name), RevocationReason.UNSPECIFIED, said::add);
      new RenewalStorage(storage, CA.pebble().acmeDirectory()).removeRequest(Instance.host(name));
      actions.revoke(Instance.host(name), RevocationReason.UNSPECIFIED, said::add);
      assertThat(said.getLast()).contains(" had been revoked before at ");
    }
    try (Instance instance = start()) {
      await().until(() -> instance.serves(name, Origin.ACME));
      awaitAnother(instance, first);
    }
  }

  @Test
  void anOrderThatHasTheOldKeyIsNotGoneOnWithAfterARevocation() throws Exception {
    try (Instance instance = start(keepingKeys())) {
      awaitIssued(instance);
    }
    HostPattern host = Instance.host(name);
    URI order = CA.pebble().acmeDirectory().resolve("/my-order/1");
    try (CertificateActions actions = actions();
        Storage storage = storage()) {
      NameStateStorage states = new NameStateStorage(storage, CA.pebble().acmeDirectory());
      states.save(host, new NameState(new Step.Ordered(order), 1, Instant.EPOCH, "later"));

      actions.renew(host);
      assertThat(states.load(host).step()).as("else it is").isEqualTo(new Step.Ordered(order));
      actions.revoke(host, RevocationReason.KEY_COMPROMISE, said::add);

      assertThat(states.load(host).step().isUnderWay()).isFalse();
    }
  }

  @Test
  void anInstanceThatRunsOrdersWithTheNewKeyOfItsAccount() throws Exception {
    try (Instance instance = start();
        CertificateActions actions = actions();
        Storage storage = storage()) {
      ServedCertificate first = awaitIssued(instance);
      KeyPair before = accounts(storage).key().orElseThrow();
      URI url = accounts(storage).url().orElseThrow();

      assertThat(actions.rollOver(said::add)).isTrue();

      assertThat(said).containsExactly("account %s: it has a new key".formatted(url));
      assertThat(accounts(storage).key().orElseThrow().getPublic())
          .isNotEqualTo(before.getPublic());
      assertThat(accounts(storage).url()).contains(url);
      assertThat(accounts(storage).nextKey()).isEmpty();
      assertThat(actions.await(actions.renew(Instance.host(name)), PATIENCE))
          .isInstanceOf(Issued.class);
      awaitAnother(instance, first);
      assertThat(accounts(storage).url()).as("no other account was made").contains(url);
    }
  }

  @Test
  void anOrderThatBeganWithTheOldKeyGoesOnWithTheNewOne() throws Exception {
    CompletableFuture<Answer<String>> answer = new CompletableFuture<>();
    CompletableFuture<String> asked = new CompletableFuture<>();
    try (Instance instance =
            new Instance(settings(), Instance.storage(directory), clock, StorageAccess.DIRECT);
        CertificateActions actions = actions()) {
      CA.responder()
          .answerFrom(
              token -> {
                asked.complete(token);
                return answer;
              },
              _ -> CompletableFuture.completedFuture(Optional.empty()));
      instance.want(name);
      String token = asked.get(60, TimeUnit.SECONDS);
      assertThat(actions.rollOver(said::add)).isTrue();
      answer.complete(instance.manager.keyAuthorization(token).toCompletableFuture().get());
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  instance.serves(name, Origin.ACME)
                      || instance.status(name).nextAttempt().isPresent());
      clock.advance(Duration.ofMinutes(2));
      answerWith(instance);
      awaitIssued(instance);
    }
  }

  @Test
  void aRollOverThatDiedBeforeTheCaWasToldLeavesTheOldKey() throws Exception {
    KeyPair old;
    try (Instance instance = start();
        Storage storage = storage()) {
      awaitIssued(instance);
      old = accounts(storage).key().orElseThrow();
      accounts(storage).saveNextKey(Keys.newP256());
      try (CertificateActions actions = actions()) {
        assertThat(actions.await(actions.renew(Instance.host(name)), PATIENCE))
            .isInstanceOf(Issued.class);
      }
      assertThat(accounts(storage).nextKey()).isEmpty();
      assertThat(accounts(storage).key().map(KeyPair::getPublic)).contains(old.getPublic());
    }
  }

  @Test
  void aRollOverThatDiedAfterTheCaWasToldIsEnded() throws Exception {
    try (Instance instance = start();
        Storage storage = storage();
        CertificateActions actions = actions()) {
      awaitIssued(instance);
      KeyPair old = accounts(storage).key().orElseThrow();
      actions.rollOver(said::add);
      KeyPair next = accounts(storage).key().orElseThrow();
      accounts(storage).saveKey(old); // as if the new key had not taken its place
      accounts(storage).saveNextKey(next);

      assertThat(actions.await(actions.renew(Instance.host(name)), PATIENCE))
          .isInstanceOf(Issued.class);

      assertThat(accounts(storage).nextKey()).isEmpty();
      assertThat(accounts(storage).key().map(KeyPair::getPublic)).contains(next.getPublic());
    }
  }

  @Test
  void withoutAnAccountThereIsNothingToRollOver() throws Exception {
    try (CertificateActions actions = actions()) {
      assertThat(actions.rollOver(said::add)).isFalse();
    }
    assertThat(said)
        .containsExactly("%s: there is no account yet".formatted(CA.pebble().acmeDirectory()));
  }

  @Test
  void aCaThatIsOutOfReachIsOneSentence() throws Exception {
    try (Instance instance = start()) {
      awaitIssued(instance);
    }
    AuthoritySettings untrusted =
        AuthoritySettings.plain(CA.pebble().acmeDirectory(), Optional.empty(), Optional.empty());
    try (CertificateActions actions =
        new CertificateActions(CaSettings.acme(untrusted), Instance.storage(directory), clock)) {
      assertThatThrownBy(() -> actions.rollOver(said::add))
          .isInstanceOf(IssueException.class)
          .hasMessageStartingWith("the CA at https://127.0.0.1")
          .hasMessageContaining("cannot be reached");
    }
  }

  private Instance start() throws Exception {
    return start(settings());
  }

  private Instance start(AcmeSettings settings) throws Exception {
    Instance instance =
        new Instance(settings, Instance.storage(directory), clock, StorageAccess.DIRECT);
    answerWith(instance);
    return instance.want(name);
  }

  private static void answerWith(Instance instance) {
    CA.responder()
        .answerFrom(instance.manager::keyAuthorization, instance.manager::validationCertificate);
  }

  private CertificateActions actions() {
    return new CertificateActions(settings(), Instance.storage(directory), clock);
  }

  private static AcmeSettings settings() {
    return CaSettings.acme(CaSettings.of(CA.pebble()));
  }

  private static AcmeSettings keepingKeys() {
    return CaSettings.acme(
        CaSettings.of(CA.pebble()), Optional.empty(), new KeySettings(KeySettings.Type.P256, true));
  }

  private void archive() throws Exception {
    try (Storage storage = storage()) {
      new NameArchive(storage, settings().directories())
          .put(NameFolder.of(Instance.host(name)), clock.instant());
    }
  }

  private Storage storage() {
    return new Storage(Instance.storage(directory), StorageAccess.DIRECT);
  }

  private static AccountStorage accounts(Storage storage) {
    return new AccountStorage(storage, CA.pebble().acmeDirectory());
  }

  /** Waits until it is stored, too: who is ended amidst that may keep its lock for a while. */
  private ServedCertificate awaitIssued(Instance instance) {
    await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
    await().atMost(PATIENCE).until(() -> instance.status(name).problem().isEmpty());
    await().atMost(PATIENCE).until(() -> instance.hasStored(name));
    await().atMost(PATIENCE).until(() -> step() instanceof Step.Issued);
    return served(instance);
  }

  private Step step() throws Exception {
    try (Storage storage = storage()) {
      return new NameStateStorage(storage, CA.pebble().acmeDirectory())
          .load(Instance.host(name))
          .step();
    }
  }

  private ServedCertificate awaitAnother(Instance instance, ServedCertificate before) {
    await().atMost(PATIENCE).until(() -> !served(instance).equals(before));
    await().atMost(PATIENCE).until(() -> instance.hasStored(name));
    return served(instance);
  }

  private static void awaitLooks(Instance instance) {
    long end = System.nanoTime() + Instance.FAST.settled().multipliedBy(4).toNanos();
    await().until(() -> System.nanoTime() - end > 0 && !instance.heard.isEmpty());
  }

  private ServedCertificate served(Instance instance) {
    return instance.served(name).orElseThrow();
  }

  private static String statusAtCa(String serial) throws Exception {
    try (HttpClient client = CA.pebble().client()) {
      return client
          .send(
              HttpRequest.newBuilder(CA.pebble().management("/cert-status-by-serial/" + serial))
                  .build(),
              BodyHandlers.ofString())
          .body();
    }
  }
}
