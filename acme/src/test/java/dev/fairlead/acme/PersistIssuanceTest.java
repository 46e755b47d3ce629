package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.bind.Bind;
import dev.fairlead.acme.bind.BindExtension;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.pebble.ChallengeResponder;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.pebble.PersistFront;
import dev.fairlead.acme.store.PersistMemory.Sight;
import dev.fairlead.acme.store.PersistStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.IssuanceSettings;
import dev.fairlead.config.bootstrap.KeySettings;
import dev.fairlead.config.bootstrap.ServerAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/** Names whose owner sets one TXT record, once, at a real DNS server: we only say which. */
class PersistIssuanceTest {

  @RegisterExtension static final BindExtension DNS = new BindExtension();

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Pattern RECORD =
      Pattern.compile(
          "; set this record, it is looked for each minute: (_validation-persist\\.\\S+)\\. TXT"
              + " \"([^\"]+)\"$");

  @TempDir static Path place;
  private static ChallengeResponder responder;
  private static Pebble ca;

  @TempDir Path directory;
  private final String name = "stay%d.%s".formatted(NUMBER.incrementAndGet(), Bind.ZONE);
  private final MutableClock clock = new MutableClock();
  private PersistFront front;
  private int ordersBefore;

  @BeforeAll
  static void startCa() throws Exception {
    Assumptions.assumeTrue(
        Pebble.isInstalled(),
        "Left out: pebble is not on the PATH (fix: apt-get install -y pebble)");
    responder = new ChallengeResponder();
    ca = Pebble.startWithDns(place, responder, Duration.ofDays(90), DNS.bind().port());
  }

  @AfterAll
  static void stopCa() throws Exception {
    if (ca != null) {
      ca.close();
    }
    if (responder != null) {
      responder.close();
    }
  }

  @BeforeEach
  void startFront() throws Exception {
    DNS.bind().replace(name, Type.A, "127.0.0.1");
    front = new PersistFront(ca, responder, DNS.bind());
    ordersBefore = ca.orders();
  }

  @AfterEach
  void stopFront() {
    front.close();
    responder.forget();
  }

  @Test
  void noOrderIsMadeBeforeTheRecordIsThereThenItIsMadeAtOnce() throws Exception {
    try (Instance instance = start(Challenge.DNS_PERSIST_01, false).want(name)) {
      awaitProblem(instance, name, "_validation-persist." + name + " has no TXT record");
      assertThat(instance.status(name).failures()).isZero();
      for (int minutes = 0; minutes < 3; minutes++) {
        assertThat(awaitNextLook(instance, name)).isTrue();
      }
      assertThat(orders()).isZero();
      PersistRecords.Answer missing = look(name);
      assertThat(missing.problem().orElseThrow()).contains("has no TXT record");

      Matcher record = record(instance, name);
      assertThat(missing.line())
          .contains("%s. TXT \"%s\"".formatted(record.group(1), record.group(2)));
      DNS.bind().put(record.group(1), record.group(2));
      clock.advance(Duration.ofSeconds(61));
      awaitIssued(instance, name);

      assertThat(orders()).isEqualTo(1);
      assertThat(front.verdicts()).containsExactly("right: [" + record.group(2) + "]");
      assertThat(record.group(2))
          .isEqualTo(PersistFront.ISSUER + "; accounturi=" + sight(name).account());
      PersistRecords.Answer there = look(name);
      assertThat(there.problem()).isEmpty();
      assertThat(there.since()).contains(sight(name).since());
    }
  }

  @Test
  void aNameAndItsWildcardShareACertificateOnceTheRecordIsRightForBoth() throws Exception {
    String wildcard = "*." + name;
    try (Instance instance = start(Challenge.DNS_PERSIST_01, true)) {
      instance.wantTogether(name + " " + wildcard);
      awaitProblem(instance, name, "has no TXT record");
      String value = record(instance, name).group(2);
      put(value);
      clock.advance(Duration.ofSeconds(61));
      awaitProblem(instance, name, "lacks policy=wildcard, which " + wildcard + " needs");
      assertThat(orders()).isZero();

      put(value + "; policy=wildcard");
      clock.advance(Duration.ofSeconds(61));
      awaitIssued(instance, wildcard);
      awaitIssued(instance, name);
      assertThat(instance.served(name)).isEqualTo(instance.served(wildcard));
      assertThat(orders()).isEqualTo(1);
    }
  }

  @Test
  void aWildcardNeedsItsPolicyWhateverOtherNamesGoBy() throws Exception {
    String wildcard = "*." + name;
    try (Instance instance = start(Challenge.HTTP_01, true).want(wildcard)) {
      awaitProblem(instance, wildcard, "has no TXT record");
      String value = record(instance, wildcard).group(2);
      assertThat(value).endsWith("; policy=wildcard");
      put(value.replace("; policy=wildcard", ""));
      clock.advance(Duration.ofSeconds(61));
      awaitProblem(instance, wildcard, "lacks policy=wildcard, which " + wildcard + " needs");
      assertThat(orders()).isZero();

      put(value);
      clock.advance(Duration.ofSeconds(61));
      awaitIssued(instance, wildcard);
      assertThat(
              instance
                  .served(wildcard)
                  .orElseThrow()
                  .chain()
                  .getFirst()
                  .getSubjectAlternativeNames()
                  .toString())
          .contains(wildcard);
      assertThat(orders()).isEqualTo(1);
    }
  }

  @Test
  void saysWhatIsWrongWithARecordAndWhichToSet() throws Exception {
    try (Instance instance = start(Challenge.DNS_PERSIST_01, false).want(name)) {
      awaitProblem(instance, name, "has no TXT record");
      String value = record(instance, name).group(2);

      for (List<String> wrong :
          List.of(
              List.of(value + "9", "is for another account, "),
              List.of(
                  value.replace(PersistFront.ISSUER, "other.example"), "is for \"other.example\""),
              List.of(value + "; persistUntil=1764158400", "has ended at 2025-11-26T12:00:00Z"),
              List.of(value + ";", "cannot be read, it has a semicolon too many"))) {
        put(wrong.getFirst());
        clock.advance(Duration.ofSeconds(61));
        awaitProblem(instance, name, wrong.getLast());
        assertThat(record(instance, name).group(2)).isEqualTo(value);
      }
      assertThat(orders()).isZero();

      // two strings, and one for another CA beside it
      DNS.bind()
          .replace(
              "_validation-persist." + name,
              Type.TXT,
              "\"other.example; accounturi=https://other.example/1\"",
              "\"%s\" \"%s; persistUntil=4102444800\""
                  .formatted(value.substring(0, 30), value.substring(30)));
      clock.advance(Duration.ofSeconds(61));
      awaitIssued(instance, name);
      assertThat(orders()).isEqualTo(1);
    }
  }

  @Test
  void whileDnsIsAwayOnlyWhatWasSeenBeforeIsOrdered() throws Exception {
    int nobody = DNS.bind().port() == 9 ? 10 : 9;
    try (Instance instance = start(Challenge.DNS_PERSIST_01, false, nobody).want(name)) {
      awaitProblem(instance, name, "no DNS server tells");
      assertThat(orders()).isZero();
      put(record(instance, name).group(2));
    }
    clock.advance(Duration.ofSeconds(61));
    ServedCertificate first;
    try (Instance instance = start(Challenge.DNS_PERSIST_01, false).want(name)) {
      awaitIssued(instance, name);
      first = instance.served(name).orElseThrow();
      awaitFree(name); // who is ended while it gives the lock back leaves it to lapse
    }
    clock.advance(Duration.ofDays(65));
    try (Instance instance = start(Challenge.DNS_PERSIST_01, false, nobody).want(name)) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(instance.served(name))
                      .as(instance.status(name).toString())
                      .isPresent()
                      .isNotEqualTo(Optional.of(first)));
      assertThat(orders()).isEqualTo(2);
    }
  }

  @Test
  void aCaOfALaterDraftKnowsTheAccountByAHash() throws Exception {
    front.hash();
    try (Instance instance = start(Challenge.DNS_PERSIST_01, false).want(name)) {
      awaitProblem(instance, name, "has no TXT record");
      String value = record(instance, name).group(2);
      assertThat(value).contains("/account-hash/sha-256/").doesNotContain("/my-account/");

      put(value);
      clock.advance(Duration.ofSeconds(61));
      awaitIssued(instance, name);
      assertThat(front.verdicts()).containsExactly("right: [" + value + "]");
    }
  }

  @Test
  void anOrderWhoseChallengeWantsAnotherRecordWaitsForIt() throws Exception {
    front.rename("renamed.fairlead-tests.com");
    try (Instance instance = start(Challenge.DNS_PERSIST_01, false).want(name)) {
      awaitProblem(instance, name, "has no TXT record");
      put(record(instance, name).group(2));
      clock.advance(Duration.ofSeconds(61));
      awaitProblem(instance, name, "is for \"" + PersistFront.ISSUER + "\"");
      assertThat(orders()).isEqualTo(1);

      String value = record(instance, name).group(2);
      assertThat(value).startsWith("renamed.fairlead-tests.com; ");
      put(value);
      clock.advance(Duration.ofSeconds(61));
      awaitIssued(instance, name);
      assertThat(orders()).as("the same order").isEqualTo(1);
      assertThat(front.verdicts()).containsExactly("right: [" + value + "]");
    }
  }

  private void put(String value) throws Exception {
    DNS.bind().replace("_validation-persist." + name, Type.TXT, '"' + value + '"');
  }

  private static Matcher record(Instance instance, String host) {
    String problem = instance.status(host).problem().orElseThrow();
    Matcher matcher = RECORD.matcher(problem);
    assertThat(matcher.find()).as(problem).isTrue();
    return matcher;
  }

  private static void awaitProblem(Instance instance, String host, String text) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(instance.status(host).problem().orElse(""))
                    .startsWith("dns-persist-01: ")
                    .contains(text));
  }

  /** Lets the minute pass, and waits until DNS was looked at. */
  private boolean awaitNextLook(Instance instance, String host) {
    clock.advance(Duration.ofSeconds(61));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                instance
                    .status(host)
                    .nextAttempt()
                    .filter(next -> next.isAfter(clock.instant()))
                    .isPresent());
    return !instance.serves(host, Origin.ACME);
  }

  private static void awaitIssued(Instance instance, String host) {
    await().atMost(PATIENCE).until(() -> instance.serves(host, Origin.ACME));
    await().atMost(PATIENCE).until(() -> instance.status(host).problem().isEmpty());
  }

  private void awaitFree(String host) {
    Path lease = directory.resolve("locks/%s.lease".formatted(host));
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              try (Stream<Path> entries = Files.list(lease)) {
                List<Path> links = entries.filter(Files::isSymbolicLink).toList();
                return links.size() == 1
                    && Files.readSymbolicLink(links.getFirst()).toString().endsWith("; free");
              }
            });
  }

  private int orders() {
    return ca.orders() - ordersBefore;
  }

  private Sight sight(String host) throws Exception {
    try (Storage storage = new Storage(Instance.storage(directory), StorageAccess.DIRECT)) {
      return new PersistStorage(storage, front.acmeDirectory())
          .load(Instance.host(host))
          .sight()
          .orElseThrow();
    }
  }

  private PersistRecords.Answer look(String host) throws Exception {
    return PersistRecords.look(
            settings(Challenge.DNS_PERSIST_01, false, DNS.bind().port()),
            Instance.storage(directory),
            Instance.host(host),
            network(DNS.bind().port()),
            clock)
        .getFirst();
  }

  private Instance start(Challenge challenge, boolean wildcards) {
    return start(challenge, wildcards, DNS.bind().port());
  }

  private Instance start(Challenge challenge, boolean wildcards, int dnsPort) {
    return new Instance(
        settings(challenge, wildcards, dnsPort),
        Instance.storage(directory),
        clock,
        StorageAccess.DIRECT,
        network(dnsPort));
  }

  private AcmeSettings settings(Challenge challenge, boolean wildcards, int dnsPort) {
    return new AcmeSettings(
            CaSettings.of(ca, front.acmeDirectory()),
            Optional.empty(),
            KeySettings.DEFAULT,
            challenge,
            Optional.empty())
        .withIssuance(
            new IssuanceSettings(
                wildcards,
                Optional.empty(),
                Optional.of(new ServerAddress("127.0.0.1", dnsPort)),
                Optional.empty()));
  }

  private static DnsNetwork network(int port) {
    return new DnsNetwork(
        port, Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(100));
  }
}
