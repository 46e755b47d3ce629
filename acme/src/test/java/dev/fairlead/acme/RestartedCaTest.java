package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A CA that ends in the middle of an order and comes back without any memory: no account, no order.
 * What it gave is kept, what it owes is ordered anew after a sentence about it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RestartedCaTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Duration.ofDays(90), 10);

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String FORGOTTEN = "the CA does not know the order that was under way";

  @TempDir Path directory;
  private final String name = "again%d.fairlead-tests.com".formatted(NUMBER.incrementAndGet());
  private final MutableClock clock = new MutableClock();

  @AfterEach
  void forgetAnswers() {
    CA.responder().forget();
  }

  /**
   * @param place which files are about to be used when it happens
   * @param use how often it was used before
   * @param orders how many there are in all, at the one CA and the other
   */
  @ParameterizedTest
  @CsvSource({
    "order.key.pem, 0, 1", // before the order
    "challenges/http-01, 0, 2", // ordered
    "challenges/http-01, 2, 2", // validated
    "order.key.pem, 1, 2", // ready
    "order.key.pem, 2, 2", // before it is told the key
    "order.key.pem, 3, 2", // issued, and not fetched yet
    "certificates/.*/privkey.pem, 0, 1", // fetched
  })
  void whatItForgotIsOrderedAnewAndNothingElse(String place, int use, int orders) throws Exception {
    int before = CA.pebble().orders();
    AtomicInteger uses = new AtomicInteger();
    List<String> problems = new CopyOnWriteArrayList<>();
    StorageAccess restarting =
        path -> {
          if (path.toString().matches(".*" + place + ".*") && uses.getAndIncrement() == use) {
            CA.pebble().restart();
          }
        };
    StorageSettings storage = new StorageSettings(directory, PATIENCE);
    try (Instance instance = new Instance(settings(), storage, clock, restarting)) {
      CA.responder()
          .answerFrom(
              instance.manager::keyAuthorization,
              host -> CompletableFuture.completedFuture(Optional.empty()));
      instance.want(name);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                instance.status(name).problem().ifPresent(problems::add);
                if (!problems.isEmpty()) {
                  clock.advance(Duration.ofSeconds(30)); // the pause after a failure
                }
                return instance.serves(name, Origin.ACME);
              });
      await().until(() -> instance.status(name).problem().isEmpty());
      await().until(() -> state().contains("\"issued\""));
    }
    assertThat(uses.get()).as("it was restarted").isGreaterThan(use);
    assertThat(CA.pebble().orders() - before).isEqualTo(orders);
    if (orders > 1) {
      assertThat(problems).contains(FORGOTTEN);
    }
  }

  private String state() throws IOException {
    return Files.readString(
        directory.resolve(
            "certificates/%s/127.0.0.1_%d_dir/state.json"
                .formatted(name, CA.pebble().acmeDirectory().getPort())));
  }

  private static AcmeSettings settings() {
    return new AcmeSettings(
        CA.pebble().acmeDirectory(),
        Optional.empty(),
        Optional.of(CA.pebble().caFile()),
        AcmeSettings.Challenge.HTTP_01);
  }
}
