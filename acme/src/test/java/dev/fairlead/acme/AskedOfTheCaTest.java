package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pebble.CaFront;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.AuthoritySettings.ExternalAccount;
import dev.fairlead.config.bootstrap.KeySettings;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be asked of a CA, at a real one that knows its customers and offers three chains. */
class AskedOfTheCaTest {

  private static final String KEY = "dGhpcyBpcyB0aGlydHktdHdvIGJ5dGVzIG9yIG1vcmU";

  @RegisterExtension
  static final PebbleExtension CA =
      new PebbleExtension(new Pebble.Extras(2, Map.of("customer-1", KEY)));

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final String name = "asked%d.fairlead-tests.com".formatted(NUMBER.incrementAndGet());
  private final MutableClock clock = new MutableClock();

  @AfterEach
  void forgetAnswers() {
    CA.responder().forget();
  }

  @Test
  void anAccountIsBoundToTheOneThatTheCaKnows() throws Exception {
    try (Instance instance = start(CaSettings.acme(customer()))) {
      awaitIssued(instance);
    }
  }

  @Test
  void aCaThatWantsToKnowItsCustomersSaysSo() throws Exception {
    try (Instance instance = start(CaSettings.acme(CaSettings.of(CA.pebble())))) {
      assertThat(problem(instance))
          .startsWith("the CA says: ")
          .contains("externalAccountBinding")
          .endsWith(
              "(expected: acme.eab.key-id and acme.eab.hmac-key, as it gives them to its"
                  + " customers)");
    }
  }

  @Test
  void aWrongKeyIsRefusedAndNotShown() throws Exception {
    String wrong = KEY.replace('d', 'e');
    try (Instance instance =
        start(
            CaSettings.acme(
                CaSettings.withAccount(
                    CaSettings.of(CA.pebble()), new ExternalAccount("customer-1", wrong))))) {
      assertThat(problem(instance))
          .startsWith("the CA does not know the external account customer-1: ")
          .endsWith("(expected: acme.eab.key-id and acme.eab.hmac-key, as it gave them)")
          .doesNotContain(wrong);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theChainLeadsToThePreferredRoot(int which) throws Exception {
    String root = root(which);
    try (Instance instance = start(CaSettings.acme(CaSettings.withChain(customer(), root)))) {
      awaitIssued(instance);

      X509Certificate last = served(instance).chain().getLast();
      assertThat(last.getIssuerX500Principal().getName()).isEqualTo("CN=" + root);
      last.verify(rootCertificate(which).getPublicKey());
    }
  }

  @Test
  void theUsualChainIsTakenWhenNoneLeadsThere() throws Exception {
    List<String> roots = IntStream.range(0, 3).mapToObj(AskedOfTheCaTest::root).toList();
    try (Instance instance =
        start(CaSettings.acme(CaSettings.withChain(customer(), "Nobody Root X1")))) {
      awaitIssued(instance);

      assertThat(served(instance).chain().getLast().getIssuerX500Principal().getName())
          .isIn(roots.stream().map(root -> "CN=" + root).collect(Collectors.toList()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theKeyIsOfTheKindThatWasChosen(KeySettings.Type type) throws Exception {
    try (Instance instance = start(keys(new KeySettings(type, false)))) {
      awaitIssued(instance);

      assertThat(Keys.isOf(type, key(instance))).isTrue();
    }
    try (Instance again = start(keys(new KeySettings(type, false)))) {
      assertThat(again.first(name)).as("what was stored").contains(Origin.ACME);
    }
  }

  @Test
  void aRenewalHasANewKey() throws Exception {
    try (Instance instance = start(keys(KeySettings.DEFAULT))) {
      awaitIssued(instance);
      PublicKey first = key(instance);
      renew(instance);

      assertThat(key(instance)).isNotEqualTo(first);
    }
  }

  @Test
  void aRenewalKeepsTheKeyWhereThatWasChosen() throws Exception {
    try (Instance instance = start(keys(new KeySettings(KeySettings.Type.P256, true)))) {
      awaitIssued(instance);
      PublicKey first = key(instance);
      renew(instance);

      assertThat(key(instance)).isEqualTo(first);
    }
  }

  @Test
  void aKeyOfAnotherKindThanTheChosenIsNotKept() throws Exception {
    try (Instance instance = start(keys(new KeySettings(KeySettings.Type.P256, true)))) {
      awaitIssued(instance);
    }
    try (Instance instance = start(keys(new KeySettings(KeySettings.Type.RSA2048, true)))) {
      await().until(() -> instance.serves(name, Origin.ACME));
      renew(instance);

      assertThat(Keys.isOf(KeySettings.Type.RSA2048, key(instance))).isTrue();
    }
  }

  @Test
  void aProfileIsOrderedByItsName() throws Exception {
    try (CaFront front = new CaFront(CA.pebble())) {
      front.offer("classic", "shortlived");
      try (Instance instance = start(throughFront(front, "shortlived"))) {
        awaitIssued(instance);
      }
      assertThat(front.orders())
          .singleElement()
          .satisfies(order -> assertThat(order.path("profile").asText()).isEqualTo("shortlived"));
    }
  }

  @Test
  void aProfileThatIsNotOfferedCostsNoOrder() throws Exception {
    try (CaFront front = new CaFront(CA.pebble())) {
      front.offer("classic", "shortlived");
      try (Instance instance = start(throughFront(front, "longlived"))) {
        assertThat(problem(instance))
            .isEqualTo(
                "the CA does not offer the profile longlived (expected: acme.profile is one of"
                    + " classic, shortlived)");
      }
      assertThat(front.orders()).isEmpty();
    }
  }

  @Test
  void aCaWithoutProfilesIsAskedForNone() throws Exception {
    try (Instance instance =
        start(CaSettings.acme(CaSettings.withProfile(customer(), "shortlived")))) {
      assertThat(problem(instance))
          .isEqualTo(
              "the CA does not offer the profile shortlived (expected: no acme.profile, as it"
                  + " offers none)");
    }
  }

  @Test
  void whatIsOldWhenItComesIsNotReplacedForADay() throws Exception {
    clock.advance(Duration.ofDays(70)); // the CA's clock is behind
    int orders = CA.pebble().orders();
    try (Instance instance = start(CaSettings.acme(customer()))) {
      awaitIssued(instance);
      ServedCertificate first = served(instance);
      awaitLooks(instance);
      assertThat(CA.pebble().orders() - orders).isEqualTo(1);

      clock.advance(Duration.ofDays(1));
      await().atMost(PATIENCE).until(() -> !served(instance).equals(first));
      awaitLooks(instance);
      assertThat(CA.pebble().orders() - orders).isEqualTo(2);
    }
  }

  private static AuthoritySettings customer() {
    return CaSettings.withAccount(
        CaSettings.of(CA.pebble()), new ExternalAccount("customer-1", KEY));
  }

  private static AcmeSettings throughFront(CaFront front, String profile) {
    return CaSettings.acme(
        CaSettings.withProfile(
            CaSettings.withAccount(
                CaSettings.of(CA.pebble(), front.acmeDirectory()),
                new ExternalAccount("customer-1", KEY)),
            profile));
  }

  private static AcmeSettings keys(KeySettings keys) {
    return CaSettings.acme(customer(), Optional.empty(), keys);
  }

  private Instance start(AcmeSettings settings) throws Exception {
    Instance instance =
        new Instance(settings, Instance.storage(directory), clock, StorageAccess.DIRECT);
    CA.responder()
        .answerFrom(instance.manager::keyAuthorization, instance.manager::validationCertificate);
    return instance.want(name);
  }

  private void renew(Instance instance) {
    ServedCertificate before = served(instance);
    clock.advance(Duration.ofDays(62));
    await().atMost(PATIENCE).until(() -> !served(instance).equals(before));
    await().atMost(PATIENCE).until(() -> instance.hasStored(name));
  }

  private void awaitIssued(Instance instance) {
    await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
    await().atMost(PATIENCE).until(() -> instance.status(name).problem().isEmpty());
    await().atMost(PATIENCE).until(() -> instance.hasStored(name));
  }

  /** Every name is looked at in each round: what must not happen has no other sign. */
  private static void awaitLooks(Instance instance) {
    long end = System.nanoTime() + Instance.FAST.settled().multipliedBy(4).toNanos();
    await().until(() -> System.nanoTime() - end > 0 && !instance.heard.isEmpty());
  }

  private String problem(Instance instance) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                instance
                    .status(name)
                    .problem()
                    .filter(text -> !text.contains("began"))
                    .isPresent());
    return instance.status(name).problem().orElseThrow();
  }

  private ServedCertificate served(Instance instance) {
    return instance.served(name).orElseThrow();
  }

  private PublicKey key(Instance instance) {
    return served(instance).chain().getFirst().getPublicKey();
  }

  private static String root(int which) {
    return rootCertificate(which).getSubjectX500Principal().getName().replaceFirst("^CN=", "");
  }

  private static X509Certificate rootCertificate(int which) {
    try (HttpClient client = CA.pebble().client()) {
      return Pem.certificates(
              client
                  .send(
                      HttpRequest.newBuilder(CA.pebble().management("/roots/" + which)).build(),
                      BodyHandlers.ofString())
                  .body())
          .getFirst();
    } catch (Exception e) {
      throw new AssertionError("root " + which, e);
    }
  }
}
