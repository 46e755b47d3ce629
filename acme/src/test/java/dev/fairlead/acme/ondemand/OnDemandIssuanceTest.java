package dev.fairlead.acme.ondemand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.CertificateManager;
import dev.fairlead.acme.ServedCertificate;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.ServedCertificates;
import dev.fairlead.acme.WantedName;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.OnDemandSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.NamePattern;
import dev.fairlead.config.routing.OnDemand;
import dev.fairlead.config.routing.TlsMode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Certificates from a real CA for names that clients came for. */
class OnDemandIssuanceTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Duration.ofDays(90), 0);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HostPattern WILDCARD =
      HostPattern.parse("*.fairlead-tests.com").orElseThrow();
  private static final String SHOP = "shop-1.fairlead-tests.com";

  @TempDir private Path directory = Path.of("");

  @AfterEach
  void forgetAnswers() {
    CA.responder().forget();
  }

  /** What one process serves. */
  private final class Serving implements AutoCloseable {

    private final OnDemandNames names =
        new OnDemandNames(OnDemandSettings.DEFAULT, Clock.systemUTC(), Duration.ofMillis(100));
    private final CertificateManager manager;
    private volatile ServedCertificates served = new ServedCertificates(Map.of(), Optional.empty());

    Serving() throws Exception {
      AcmeSettings acme =
          new AcmeSettings(
              CA.pebble().acmeDirectory(),
              Optional.empty(),
              Optional.of(CA.pebble().caFile()),
              AcmeSettings.Challenge.HTTP_01);
      manager =
          new CertificateManager(
              acme,
              new StorageSettings(directory, Duration.ofSeconds(5)),
              Clock.systemUTC(),
              certificates -> {
                served = certificates;
                names.changed(certificates);
              });
      manager.start();
      names.start(manager.sharedNote("on-demand"), manager::copiedHosts, manager::wanted);
      CA.responder().answerFrom(manager::keyAuthorization, manager::validationCertificate);
      names.routed(
          Set.of(new WantedName(WILDCARD, TlsMode.LOCAL)),
          Map.of(
              WILDCARD,
              List.of(
                  new OnDemand(
                      List.of(NamePattern.parse("shop-*.fairlead-tests.com").orElseThrow()),
                      Optional.empty()))),
          Set.of(WILDCARD));
      manager.initialLoad().get(20, TimeUnit.SECONDS);
    }

    Optional<ServedCertificate> issued(String name) {
      return Optional.ofNullable(served.byHost().get(HostPattern.parse(name).orElseThrow()))
          .filter(certificate -> certificate.origin() == Origin.ACME);
    }

    @Override
    public void close() {
      names.close();
      manager.close();
    }
  }

  @Test
  void theFirstHandshakeOrdersACertificateThatAllInstancesAndTheNextStartServe() throws Exception {
    int before = CA.pebble().orders();
    ServedCertificate issued;
    try (Serving other = new Serving();
        Serving one = new Serving()) {
      assertThat(one.issued(SHOP)).isEmpty();
      assertThat(one.served.byHost())
          .hasEntrySatisfying(
              WILDCARD, local -> assertThat(local.origin()).isEqualTo(Origin.LOCAL));

      CompletableFuture<Void> waiting = one.names.arrival(SHOP).toCompletableFuture();
      assertThat(waiting).isNotDone();
      await().atMost(PATIENCE).until(() -> one.issued(SHOP).isPresent());
      issued = one.issued(SHOP).orElseThrow();
      await().atMost(PATIENCE).until(waiting::isDone);
      assertThat(issued.chain().getFirst().getSubjectAlternativeNames().toString()).contains(SHOP);
      assertThat(one.names.arrival(SHOP).toCompletableFuture()).isDone();

      await().atMost(PATIENCE).until(() -> other.issued(SHOP).isPresent());
      assertThat(other.issued(SHOP)).contains(issued);
      assertThat(one.manager.status())
          .filteredOn(status -> status.host().toString().equals(SHOP))
          .singleElement()
          .satisfies(status -> assertThat(status.problem()).isEmpty());
    }
    try (Serving next = new Serving()) {
      assertThat(next.issued(SHOP)).as("from the first moment on").contains(issued);
    }
    assertThat(CA.pebble().orders() - before).isEqualTo(1);
  }

  @Test
  void namesThatAreNotAllowedOrderNothing() throws Exception {
    int before = CA.pebble().orders();
    try (Serving one = new Serving()) {
      for (int i = 0; i < 1_000; i++) {
        assertThat(one.names.arrival("a%d.fairlead-tests.com".formatted(i)).toCompletableFuture())
            .isDone();
      }
      assertThat(one.names.arrival("a." + SHOP).toCompletableFuture()).isDone();
      assertThat(one.manager.status()).hasSize(1);

      one.names.arrival("shop-2.fairlead-tests.com");
      await().atMost(PATIENCE).until(() -> one.issued("shop-2.fairlead-tests.com").isPresent());
      assertThat(one.manager.status()).hasSize(2);
    }
    assertThat(CA.pebble().orders() - before).as("that of the name that is allowed").isEqualTo(1);
  }
}
