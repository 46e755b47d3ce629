package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.bind.Bind;
import dev.fairlead.acme.bind.BindExtension;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.pebble.ChallengeResponder;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.DnsSettings;
import dev.fairlead.config.bootstrap.DnsSettings.KeyAlgorithm;
import dev.fairlead.config.bootstrap.DnsSettings.Rfc2136;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A real CA that looks records up at a real DNS server, which we update. */
class DnsIssuanceTest {

  @RegisterExtension static final BindExtension DNS = new BindExtension();

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path place;
  private static ChallengeResponder responder;
  private static Pebble ca;

  @TempDir Path directory;
  private final String name = "shop%d.%s".formatted(NUMBER.incrementAndGet(), Bind.ZONE);
  private final String wildcard = "*." + name;

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

  @Test
  void aWildcardIsIssuedAndItsRecordTakenAway() throws Exception {
    // other names of the same instance stay with http-01
    try (Instance instance = start(Challenge.HTTP_01, DNS.bind().settings()).want(wildcard)) {
      awaitIssued(instance, wildcard);

      ServedCertificate served = instance.served(wildcard).orElseThrow();
      assertThat(served.chain().getFirst().getSubjectAlternativeNames().toString())
          .contains(wildcard);
      assertThat(instance.status(wildcard).problem()).isEmpty();
      awaitNoRecord();
    }
    assertThat(directory.resolve("challenges/dns-01")).isEmptyDirectory();
    assertThat(DNS.bind().log())
        .contains("adding an RR at '_acme-challenge.%s' TXT".formatted(name));
  }

  @Test
  void aNameAndItsWildcardAreIssuedAtTheSameTime() throws Exception {
    try (Instance instance = start(Challenge.DNS_01, DNS.bind().settings()).want(name, wildcard)) {
      awaitIssued(instance, name);
      awaitIssued(instance, wildcard);
      awaitNoRecord();
    }
  }

  @Test
  void aNameItsWildcardAndOneBelowShareACertificate() throws Exception {
    String below = "www." + name;
    int orders = ca.orders();
    try (Instance instance = start(Challenge.DNS_01, DNS.bind().settings())) {
      instance.wantTogether(name + " " + below + " " + wildcard);
      awaitIssued(instance, name);
      awaitIssued(instance, wildcard);
      awaitIssued(instance, below);

      X509Certificate certificate = instance.served(name).orElseThrow().chain().getFirst();
      assertThat(Names.dns(certificate))
          .as("which CAs refuse with a name that the wildcard stands for")
          .containsExactlyInAnyOrder(name, wildcard);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                for (String each : List.of(below, wildcard)) {
                  assertThat(instance.served(each).orElseThrow().chain().getFirst())
                      .isEqualTo(certificate);
                  assertThat(instance.hasStored(each)).isTrue();
                }
              });
      assertThat(ca.orders() - orders).isEqualTo(1);
      awaitNoRecord();
    }
    assertThat(directory.resolve("challenges/dns-01")).isEmptyDirectory();
    assertThat(
            DNS.bind()
                .log()
                .lines()
                .filter(line -> line.contains("'_acme-challenge." + name + "' TXT"))
                .limit(2))
        .as("both were there when the CA looked first, and may have remembered what it saw")
        .hasSize(2)
        .allMatch(line -> line.contains("adding an RR"));
  }

  @Test
  void theOrderAfterACrashTakesAwayWhatWasLeft() throws Exception {
    String left = "left".repeat(10) + "111";
    Files.createDirectories(directory.resolve("challenges/dns-01"));
    Files.writeString(directory.resolve("version"), "1\n");
    Files.writeString(
        directory.resolve("challenges/dns-01/_wildcard." + name + ".json"),
        """
        {"provider": "rfc2136", "name": "_acme-challenge.%s", "value": "%s"}
        """
            .formatted(name, left));
    DNS.bind().put("_acme-challenge." + name, left);
    assertThat(DNS.bind().txt("_acme-challenge." + name)).containsExactly(left);

    try (Instance instance = start(Challenge.HTTP_01, DNS.bind().settings()).want(wildcard)) {
      awaitIssued(instance, wildcard);
      awaitNoRecord();
    }
  }

  @Test
  void saysWhatTheDnsServerAnswersAndDoesNotAskTheCaToLook() throws Exception {
    Rfc2136 refused =
        new Rfc2136(
            DNS.bind().address(),
            Optional.empty(),
            Bind.STRANGER,
            KeyAlgorithm.HMAC_SHA256,
            Bind.SECRET);
    try (Instance instance = start(Challenge.HTTP_01, refused).want(wildcard)) {
      await().atMost(PATIENCE).until(() -> instance.status(wildcard).problem().isPresent());

      assertThat(instance.status(wildcard).problem().orElseThrow())
          .startsWith("dns-01: the DNS server 127.0.0.1:")
          .contains("answers REFUSED", "lets the key stranger change TXT records")
          .doesNotContain(Bind.SECRET);
      assertThat(instance.serves(wildcard, Origin.LOCAL)).isTrue();
    }
  }

  @Test
  void theSecretIsInNoLog() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger own = (Logger) LoggerFactory.getLogger("dev.fairlead");
    Logger library = (Logger) LoggerFactory.getLogger("org.xbill");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    root.addAppender(lines);
    own.setLevel(Level.DEBUG);
    library.setLevel(Level.DEBUG);
    try (Instance instance = start(Challenge.HTTP_01, DNS.bind().settings()).want(wildcard)) {
      awaitIssued(instance, wildcard);
      awaitNoRecord();
    } finally {
      root.detachAppender(lines);
      own.setLevel(null);
      library.setLevel(null);
    }
    List<String> said = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertThat(said).as("it does log").anyMatch(line -> line.contains("issued, good until"));
    assertThat(said).noneMatch(line -> line.contains(Bind.SECRET));
  }

  private void awaitNoRecord() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(DNS.bind().txt("_acme-challenge." + name)).isEmpty());
  }

  private static void awaitIssued(Instance instance, String host) {
    await().atMost(PATIENCE).until(() -> instance.serves(host, Origin.ACME));
  }

  private Instance start(Challenge challenge, DnsSettings.Provider provider) {
    AcmeSettings settings =
        new AcmeSettings(
            ca.acmeDirectory(),
            Optional.empty(),
            Optional.of(ca.caFile()),
            challenge,
            Optional.of(
                new DnsSettings(
                    provider, Optional.of(DNS.bind().address()), Duration.ofSeconds(20))),
            Optional.empty());
    return new Instance(
        settings,
        Instance.storage(directory),
        Clock.systemUTC(),
        StorageAccess.DIRECT,
        new DnsNetwork(
            DNS.bind().port(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMillis(100)));
  }
}
