package dev.fairlead.acme;

import static dev.fairlead.acme.Instance.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one instance stores is served by the others, and nothing but the look for changes has to
 * bring it.
 */
class HotReloadTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Duration.ofDays(90), 20);

  private static final String NAME = "reload.fairlead-tests.com";
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration CHANGES = Duration.ofMillis(100);

  /** As a name that is in order has it: all that may wake it in time is a change. */
  private static final Pace ONLY_CHANGES = new Pace(CHANGES, NEVER, NEVER, NEVER, NEVER);

  @TempDir Path directory;

  @AfterEach
  void forget() {
    CA.responder().forget();
  }

  @Test
  void aLookForChangesIsMadeEachSecond() {
    // Within two: a look, and what a load of the one certificate takes.
    assertThat(Pace.NORMAL.changes()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aRenewalOfOneInstanceIsServedByTheOthers() throws Exception {
    MutableClock ahead = new MutableClock();
    try (Instance first = start(new MutableClock(), Instance.FAST).want(NAME)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> first.serves(NAME, Origin.ACME) && first.hasStored(NAME));
    }
    try (Instance one = start(Clock.systemUTC(), ONLY_CHANGES).want(NAME);
        Instance other = start(Clock.systemUTC(), ONLY_CHANGES).want(NAME)) {
      ServedCertificate before = one.served(NAME).orElseThrow();
      assertThat(other.served(NAME).orElseThrow().chain()).isEqualTo(before.chain());

      ahead.advance(Duration.ofDays(61));
      try (Instance renewing = start(ahead, Instance.FAST).want(NAME)) {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> differs(renewing, before) && renewing.served(NAME).isPresent());
        ServedCertificate renewed = renewing.served(NAME).orElseThrow();
        for (Instance instance : List.of(one, other)) {
          await()
              .until(
                  () ->
                      instance
                          .served(NAME)
                          .filter(served -> served.chain().equals(renewed.chain()))
                          .isPresent());
          assertThat(instance.status(NAME).host()).isEqualTo(host(NAME));
        }
      }
    }
  }

  private static boolean differs(Instance instance, ServedCertificate before) {
    return instance
        .served(NAME)
        .filter(served -> !served.chain().equals(before.chain()))
        .isPresent();
  }

  private Instance start(Clock clock, Pace pace) {
    AcmeSettings settings =
        new AcmeSettings(
            CA.pebble().acmeDirectory(),
            Optional.empty(),
            Optional.of(CA.pebble().caFile()),
            AcmeSettings.Challenge.HTTP_01);
    Instance instance =
        new Instance(settings, Instance.storage(directory), clock, StorageAccess.DIRECT, pace);
    CA.responder()
        .answerFrom(instance.manager::keyAuthorization, instance.manager::validationCertificate);
    return instance;
  }
}
