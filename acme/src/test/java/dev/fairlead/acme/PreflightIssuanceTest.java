package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.bind.Bind;
import dev.fairlead.acme.bind.BindExtension;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.pebble.CaFront;
import dev.fairlead.acme.pebble.ChallengeResponder;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.NameStateStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.IssuanceSettings;
import dev.fairlead.config.bootstrap.KeySettings;
import dev.fairlead.config.bootstrap.PreflightSettings;
import dev.fairlead.config.bootstrap.Rate;
import dev.fairlead.config.bootstrap.ServerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
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

/**
 * What is looked at before an order, with a real CA and a real DNS server: both the CA and we look
 * names up there. This cluster is at 127.0.0.1; at 127.0.0.3 is somebody else's server.
 */
class PreflightIssuanceTest {

  @RegisterExtension static final BindExtension DNS = new BindExtension();

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration MINUTE = Duration.ofSeconds(61);
  private static final String OURS = "127.0.0.1";
  private static final String STRANGERS = "127.0.0.3";

  @TempDir static Path place;
  private static ChallengeResponder responder;
  private static HttpServer stranger;
  private static Pebble ca;

  @TempDir Path directory;
  private final String name = "look%d.%s".formatted(NUMBER.incrementAndGet(), Bind.ZONE);
  private final String elsewhere =
      "%s resolves to 127.0.0.3, this cluster answers at 127.0.0.1 (expected: the same address)"
          .formatted(name);
  private final MutableClock clock = new MutableClock();
  private URI directoryOfCa;
  private int ordersBefore;

  @BeforeAll
  static void startCa() throws Exception {
    Assumptions.assumeTrue(
        Pebble.isInstalled(),
        "Left out: pebble is not on the PATH (fix: apt-get install -y pebble)");
    responder = new ChallengeResponder();
    stranger = HttpServer.create(new InetSocketAddress(STRANGERS, responder.httpPort()), 0);
    stranger.start(); // 404 for everything
    ca = Pebble.startWithDns(place, responder, Duration.ofDays(90), DNS.bind().port());
  }

  @AfterAll
  static void stopCa() throws Exception {
    if (ca != null) {
      ca.close();
    }
    if (stranger != null) {
      stranger.stop(0);
    }
    if (responder != null) {
      responder.close();
    }
  }

  @BeforeEach
  void count() {
    ordersBefore = ca.orders();
    directoryOfCa = ca.acmeDirectory();
  }

  @AfterEach
  void forgetAnswers() {
    responder.forget();
  }

  @Test
  void aNameThatLeadsHereIsOrdered() throws Exception {
    DNS.bind().replace(name, Type.A, OURS);
    for (List<String> told : List.of(List.<String>of(), List.of(OURS))) {
      try (Instance instance = start(acme(told))) {
        awaitIssued(instance);
        await().atMost(PATIENCE).until(() -> instance.status(name).problem().isEmpty());
      }
    }
    assertThat(orders()).isEqualTo(1);
    assertThat(directory.resolve("challenges/http-01")).isEmptyDirectory();
  }

  @Test
  void aWrongAddressCostsNoOrderAndIsTriedAsSoonAsDnsIsRight() throws Exception {
    DNS.bind().replace(name, Type.A, STRANGERS);
    try (LogCapture log = LogCapture.of(AcmeName.class);
        Instance instance = start(acme(List.of(OURS)).withLimits(anHour(1, 9)))) {
      awaitFailures(instance, 2);
      assertThat(instance.status(name).problem()).contains(elsewhere);
      assertThat(log.warnings())
          .first()
          .asString()
          .startsWith("certificate of %s: %s; next attempt at ".formatted(name, elsewhere))
          .endsWith(", or when DNS says something else");
      assertThat(orders()).isZero();
      Instant nextAttempt = state().nextAttempt();

      DNS.bind().replace(name, Type.A, OURS);
      clock.advance(MINUTE);
      awaitIssued(instance);
      assertThat(clock.instant()).isBefore(nextAttempt);
      assertThat(orders()).as("the only one that there is").isEqualTo(1);
    }
  }

  @Test
  void oneWrongAddressHoldsUpAllThatShareACertificateUntilDnsIsRight() throws Exception {
    String other = "other." + name;
    DNS.bind().replace(other, Type.A, OURS);
    DNS.bind().replace(name, Type.A, STRANGERS);
    try (Instance instance = instance(acme(List.of(OURS)))) {
      instance.wantTogether(other + " " + name);
      await().atMost(PATIENCE).until(() -> instance.status(name).problem().isPresent());
      assertThat(instance.status(other).problem()).contains(elsewhere);
      assertThat(instance.status(name).problem())
          .contains(
              "waits for the certificate that it shares with %s: %s".formatted(other, elsewhere));
      assertThat(orders()).isZero();

      DNS.bind().replace(name, Type.A, OURS);
      clock.advance(MINUTE);
      awaitIssued(instance);
      await().atMost(PATIENCE).until(() -> instance.served(other).equals(instance.served(name)));
      assertThat(orders()).isEqualTo(1);
    }
  }

  @Test
  void whatIsSeenBeforeTheOrderAtTheStagingIsWatchedToo() throws Exception {
    DNS.bind().replace(name, Type.A, STRANGERS);
    try (CaFront staging = new CaFront(ca)) {
      IssuanceSettings stagingFirst =
          new IssuanceSettings(
              false,
              Optional.empty(),
              Optional.empty(),
              Optional.of(CaSettings.of(ca, staging.acmeDirectory())));
      try (Instance instance = start(acme(List.of(OURS)).withIssuance(stagingFirst))) {
        awaitFailures(instance, 2);
        assertThat(instance.status(name).problem())
            .contains("at the staging %s: %s".formatted(staging.acmeDirectory(), elsewhere));
        assertThat(orders()).isZero();
        Instant nextAttempt = state().nextAttempt();

        DNS.bind().replace(name, Type.A, OURS);
        clock.advance(MINUTE);
        awaitIssued(instance);
        assertThat(clock.instant()).isBefore(nextAttempt);
        assertThat(orders()).as("one at each").isEqualTo(2);
      }
    }
  }

  @Test
  void theSameAnswerIsNoReasonToTryAgain() throws Exception {
    DNS.bind().replace(name, Type.A, STRANGERS);
    try (Instance instance = start(acme(List.of(OURS)))) {
      awaitFailures(instance, 2);
      NameState before = state();
      clock.advance(MINUTE);
      awaitPolls(instance);
      assertThat(state()).isEqualTo(before);
    }
  }

  @Test
  void aNameThatIsNotInDnsCostsNoOrder() throws Exception {
    try (Instance instance = start(acme(List.of()))) {
      awaitFailures(instance, 2);
      assertThat(instance.status(name).problem().orElseThrow())
          .startsWith(name + " has no address in DNS (expected: an A or AAAA record");
      assertThat(orders()).isZero();

      DNS.bind().replace(name, Type.A, OURS);
      clock.advance(MINUTE);
      awaitIssued(instance);
    }
  }

  @Test
  void caaRecordsThatForbidItCostNoOrder() throws Exception {
    DNS.bind().replace(name, Type.A, OURS);
    DNS.bind().replace(name, Type.CAA, "0 issue \"other-ca.example\"");
    try (CaFront front = new CaFront(ca)) {
      front.named("ca.example");
      directoryOfCa = front.acmeDirectory();
      AcmeSettings acme =
          CaSettings.acme(CaSettings.of(ca, front.acmeDirectory()))
              .withPreflight(preflight(List.of(), DNS.bind().address()));
      try (Instance instance = start(acme)) {
        awaitFailures(instance, 2);
        assertThat(instance.status(name).problem().orElseThrow())
            .startsWith(
                "the CAA records of %s allow \"other-ca.example\" and not this order"
                    .formatted(name))
            .contains("CAA 0 issue \"ca.example\"");
        assertThat(orders()).isZero();

        DNS.bind().replace(name, Type.CAA, "0 issue \"ca.example\"");
        clock.advance(MINUTE);
        awaitIssued(instance);
      }
    }
  }

  @Test
  void whatIsDoubtfulIsOrderedAndSaidWhenTheValidationFails() throws Exception {
    DNS.bind().replace(name, Type.A, STRANGERS);
    try (Instance instance = start(acme(List.of()))) {
      awaitFailures(instance, 1);
      assertThat(instance.status(name).problem().orElseThrow())
          .startsWith("http-01 failed, the CA says: ")
          .contains(
              "; before the order it was seen that %s resolves to 127.0.0.3, where somebody else answers (HTTP/1.1 404 "
                  .formatted(name));
      assertThat(orders()).isEqualTo(1);
    }
  }

  @Test
  void whoHasFoundUsAtOneAddressKnowsSomebodyElseAtAnother() throws Exception {
    String right = "right-" + name;
    DNS.bind().replace(right, Type.A, OURS);
    DNS.bind().replace(name, Type.A, STRANGERS);
    try (Instance instance = instance(acme(List.of()))) {
      instance.want(right);
      await().atMost(PATIENCE).until(() -> instance.serves(right, Origin.ACME));
      instance.want(right, name);
      awaitFailures(instance, 1);
      assertThat(instance.status(name).problem()).contains(elsewhere);
      assertThat(orders()).as("that of the other name").isEqualTo(1);
    }
  }

  @Test
  void aDnsServerThatIsAwayHoldsNothingUp() throws Exception {
    DNS.bind().replace(name, Type.A, OURS);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (Instance instance = start(acme(List.of(OURS), new ServerAddress("127.0.0.1", port)))) {
      awaitIssued(instance);
      assertThat(orders()).isEqualTo(1);
    }
  }

  @Test
  void anotherAnswerDoesNotGoPastTheBudget() throws Exception {
    DNS.bind().replace(name, Type.A, STRANGERS);
    try (Instance instance = start(acme(List.of()).withLimits(anHour(9, 1)))) {
      awaitFailures(instance, 1);
      DNS.bind().replace(name, Type.A, OURS);
      clock.advance(MINUTE);
      await().atMost(PATIENCE).until(() -> state().lastError().contains("failed validations"));
      NameState waits = state();

      DNS.bind().replace(name, Type.A, OURS, STRANGERS);
      clock.advance(MINUTE);
      awaitPolls(instance);
      assertThat(state()).isEqualTo(waits);
      assertThat(orders()).isEqualTo(1);

      DNS.bind().replace(name, Type.A, OURS);
      clock.advance(Duration.ofHours(2));
      awaitIssued(instance);
    }
  }

  @Test
  void whatIsWrongWithTheNameIsNoFailureOfTheFirstCa() throws Exception {
    DNS.bind().replace(name, Type.A, STRANGERS);
    try (CaFront second = new CaFront(ca)) {
      AcmeSettings two =
          CaSettings.acme(
                  CaSettings.of(ca),
                  Optional.of(CaSettings.of(ca, second.acmeDirectory())),
                  KeySettings.DEFAULT)
              .withPreflight(preflight(List.of(OURS), DNS.bind().address()));
      try (Instance instance = start(two)) {
        awaitFailures(instance, 5);
        clock.advance(Duration.ofDays(2));
        awaitFailures(instance, 6);
        assertThat(instance.status(name).problem()).contains(elsewhere);
        assertThat(orders()).as("at both of them").isZero();
        try (Stream<Path> files = Files.walk(directory)) {
          assertThat(files).noneMatch(file -> file.endsWith("outage.json"));
        }
      }
    }
  }

  private Instance start(AcmeSettings acme) throws Exception {
    return instance(acme).want(name);
  }

  private Instance instance(AcmeSettings acme) {
    Instance instance =
        new Instance(
            acme,
            Instance.storage(directory),
            clock,
            StorageAccess.DIRECT,
            new DnsNetwork(
                DNS.bind().port(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofMillis(100)),
            responder.httpPort());
    responder.answerFrom(instance.manager::keyAuthorization, PreflightIssuanceTest::nothing);
    return instance;
  }

  private static <T> CompletionStage<Optional<T>> nothing(String host) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  private static AcmeSettings acme(List<String> told) {
    return acme(told, DNS.bind().address());
  }

  private static AcmeSettings acme(List<String> told, ServerAddress resolver) {
    return CaSettings.acme(CaSettings.of(ca)).withPreflight(preflight(told, resolver));
  }

  private static PreflightSettings preflight(List<String> told, ServerAddress resolver) {
    return new PreflightSettings(
        true, told.stream().map(InetAddress::ofLiteral).toList(), Optional.of(resolver));
  }

  private int orders() {
    return ca.orders() - ordersBefore;
  }

  private void awaitIssued(Instance instance) {
    await().atMost(PATIENCE).until(() -> instance.serves(name, Origin.ACME));
  }

  /** So many, each after the pause behind the one before; stored first, then told. */
  private void awaitFailures(Instance instance, int failures) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              NameState now = state();
              if (now.failures() < failures && now.nextAttempt().isAfter(clock.instant())) {
                clock.advance(Duration.between(clock.instant(), now.nextAttempt()));
              }
              return instance.status(name).failures() >= failures;
            });
  }

  /** Lets the time of some looks go by: what must not happen has no other sign. */
  private static void awaitPolls(Instance instance) {
    long end = System.nanoTime() + Instance.FAST.poll().multipliedBy(10).toNanos();
    await().until(() -> System.nanoTime() - end > 0 && !instance.heard.isEmpty());
  }

  private NameState state() throws Exception {
    try (Storage storage = new Storage(Instance.storage(directory), StorageAccess.DIRECT)) {
      return new NameStateStorage(storage, directoryOfCa).load(Instance.host(name));
    }
  }

  private static AcmeLimits anHour(int orders, int validations) {
    return new AcmeLimits(
        Optional.of(new Rate(orders, Duration.ofHours(1))),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Rate(validations, Duration.ofHours(1))));
  }
}
