package dev.fairlead.discovery;

import static dev.fairlead.discovery.Services.LONG_AGO;
import static dev.fairlead.discovery.Services.complete;
import static dev.fairlead.discovery.Services.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.RoutingSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trigger, look, merge, compare, publish. */
class ReconcilerTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final InstantSource CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final FoundService SHOP = service("shop", LONG_AGO, "shop.example.com");
  private static final FoundService BLOG = service("blog", LONG_AGO, "blog.example.com");

  private final List<RoutingSpec> published = new CopyOnWriteArrayList<>();
  private @Nullable Reconciler reconciler;

  @AfterEach
  void stop() {
    if (reconciler != null) {
      reconciler.close();
    }
  }

  private Reconciler start(Consumer<RoutingSpec> publish, FakeProvider... providers) {
    Reconciler started = Reconciler.of(List.of(providers), publish, CLOCK);
    reconciler = started;
    started.start();
    return started;
  }

  private static void awaitLooks(FakeProvider provider, int more) {
    int now = provider.looks();
    await().until(() -> provider.looks() >= now + more);
  }

  private static List<String> routes(RoutingSpec spec) {
    return spec.routes().stream().map(route -> route.match().toString()).toList();
  }

  @Test
  void publishesOnlyWhatChanged() {
    FakeProvider provider = new FakeProvider("swarm", complete(SHOP));
    start(published::add, provider);
    awaitLooks(provider, 5);
    assertThat(published).hasSize(1);

    provider.say(complete(service("shop", LONG_AGO, "shop.example.com")));
    awaitLooks(provider, 5);
    assertThat(published).hasSize(1);

    provider.say(complete(service("shop", LONG_AGO, List.of("10.0.1.9"), "shop.example.com")));
    await().until(() -> published.size() == 2);
    provider.say(complete());
    await().until(() -> published.size() == 3);
    assertThat(published.getLast()).isEqualTo(RoutingSpec.EMPTY);
  }

  @Test
  void publishesTheFirstSpecEvenWhenItRoutesNothing() {
    start(published::add, new FakeProvider("swarm", complete()));

    await().until(() -> published.equals(List.of(RoutingSpec.EMPTY)));
  }

  @Test
  void aFailedLookTakesNothingAwayAndIsLoggedOnce() {
    try (LogCapture log = LogCapture.open()) {
      FakeProvider provider = new FakeProvider("Docker Swarm", complete(SHOP));
      Reconciler started = start(published::add, provider);
      await().until(() -> published.size() == 1);

      provider.say(new Discovery.Failed("the engine is away, start it"));
      await().until(() -> started.health().providers().getFirst().failure().isPresent());
      awaitLooks(provider, 5);
      assertThat(published).hasSize(1);
      assertThat(started.health().providers().getFirst().lastGoodLook()).contains(NOW);

      provider.say(complete(SHOP, BLOG));
      await().until(() -> published.size() == 2);
      await().until(() -> started.health().providers().getFirst().failure().isEmpty());
      awaitLooks(provider, 2);
      assertThat(log.lines())
          .containsExactly(
              "INFO Routes: 1, endpoints: 1. New: shop.example.com/ to shop:80.",
              "WARN Docker Swarm cannot be looked at: the engine is away, start it."
                  + " What it said before stays in force.",
              "INFO Routes: 2, endpoints: 2. New: blog.example.com/ to blog:80.",
              "INFO Docker Swarm can be looked at again.");
    }
  }

  @Test
  void nothingIsPublishedBeforeAnyLookWasGood() {
    FakeProvider provider = new FakeProvider("swarm", new Discovery.Failed("no socket"));
    Reconciler started = start(published::add, provider);
    awaitLooks(provider, 3);

    assertThat(published).isEmpty();
    assertThat(started.health())
        .isEqualTo(
            new Health(
                false,
                List.of(
                    new Health.ProviderHealth(
                        "swarm", Optional.empty(), Optional.of("no socket")))));
  }

  @Test
  void aProviderThatHangsHoldsUpNoOther() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    FakeProvider good = new FakeProvider("swarm", complete(SHOP));
    Provider hanging =
        new Provider() {
          @Override
          public String name() {
            return "file";
          }

          @Override
          public void start(Runnable wake) {}

          @Override
          public Discovery look() {
            try {
              never.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return new Discovery.Failed("interrupted");
          }

          @Override
          public Duration pause() {
            return Duration.ofSeconds(1);
          }

          @Override
          public void close() {}
        };
    Reconciler started = Reconciler.of(List.of(hanging, good), published::add, CLOCK);
    reconciler = started;
    started.start();

    await().until(() -> started.health().providers().get(1).lastGoodLook().isPresent());
    awaitLooks(good, 3);
    assertThat(published).as("half of the routes are not all").isEmpty();

    started.waitNoLonger();
    assertThat(published).hasSize(1);
    assertThat(started.health().complete()).isFalse();
    assertThat(started.health().published()).isTrue();
    good.say(complete(SHOP, BLOG));
    await().until(() -> published.size() == 2);
  }

  @Test
  void theFirstSpecHasWhatEveryProviderFound() {
    FakeProvider swarm = new FakeProvider("swarm", complete(SHOP));
    FakeProvider file = new FakeProvider("file", new Discovery.Failed("not there yet"));
    start(published::add, swarm, file);
    awaitLooks(swarm, 3);
    awaitLooks(file, 3);
    assertThat(published).isEmpty();

    file.say(complete(BLOG));
    await().until(() -> !published.isEmpty());
    assertThat(routes(published.getFirst()))
        .containsExactlyInAnyOrder("shop.example.com/", "blog.example.com/");
  }

  @Test
  void whoWaitsNoLongerPublishesTheFirstThatIsFoundAndNothingBefore() {
    FakeProvider swarm = new FakeProvider("swarm", new Discovery.Failed("no socket"));
    FakeProvider file = new FakeProvider("file", new Discovery.Failed("not there yet"));
    Reconciler started = start(published::add, swarm, file);
    started.waitNoLonger();
    assertThat(published).isEmpty();

    file.say(complete(BLOG));
    await().until(() -> published.size() == 1);
  }

  @Test
  void whatOneProviderFindsStaysWhenAnotherFails() {
    FakeProvider swarm = new FakeProvider("swarm", complete(SHOP));
    FakeProvider file = new FakeProvider("file", complete(BLOG));
    Reconciler started = start(published::add, swarm, file);
    await().until(() -> started.health().complete());

    file.say(new Discovery.Failed("bad YAML"));
    swarm.say(complete());
    await().until(() -> routes(published.getLast()).equals(List.of("blog.example.com/")));
  }

  @Test
  void problemsAreLoggedWhenTheyComeAndWhenTheyGo() {
    try (LogCapture log = LogCapture.open()) {
      FakeProvider provider = new FakeProvider("swarm", complete(SHOP));
      Reconciler started = start(published::add, provider);
      await().until(() -> published.size() == 1);

      ServiceProblem problem = new ServiceProblem("blog", "fairlead.port: x (expected: a port)");
      provider.say(new Discovery.Complete(List.of(SHOP), List.of(problem)));
      await().until(() -> started.problems().equals(List.of(problem)));
      awaitLooks(provider, 3);
      provider.say(complete(SHOP));
      await().until(() -> started.problems().isEmpty());
      awaitLooks(provider, 3);

      assertThat(published).hasSize(1);
      assertThat(log.lines())
          .containsExactly(
              "INFO Routes: 1, endpoints: 1. New: shop.example.com/ to shop:80.",
              "WARN Service blog: fairlead.port: x (expected: a port)",
              "INFO No longer so: service blog: fairlead.port: x (expected: a port)");
    }
  }

  @Test
  void aWakeEndsThePause() {
    FakeProvider provider = new FakeProvider("swarm", complete(SHOP), Duration.ofHours(1));
    Reconciler started = start(published::add, provider);
    await().until(() -> published.size() == 1);

    provider.say(complete(SHOP, BLOG));
    provider.wake();
    await().until(() -> published.size() == 2);
    provider.say(complete(SHOP));
    started.wake();
    await().until(() -> published.size() == 3);
  }

  @Test
  void aConsumerThatThrowsIsGivenTheSpecAgainAndLoggedOnce() {
    try (LogCapture log = LogCapture.open()) {
      FakeProvider provider = new FakeProvider("swarm", complete(SHOP));
      start(
          spec -> {
            if (provider.looks() < 5) {
              throw new IllegalStateException("not yet");
            }
            published.add(spec);
          },
          provider);

      await().until(() -> published.size() == 1);
      assertThat(log.lines().stream().filter(line -> line.startsWith("ERROR"))).hasSize(1);
    }
  }

  @Test
  void aProviderThatThrowsIsLookedAtAgain() {
    FakeProvider provider = new FakeProvider("swarm", complete(SHOP));
    Reconciler started = start(published::add, provider);
    await().until(() -> published.size() == 1);

    // A record that breaks the merge: two services with the same cluster.
    provider.say(complete(SHOP, service("shop", LONG_AGO, "other.example.com")));
    await().until(() -> started.health().providers().getFirst().failure().isPresent());
    assertThat(published).hasSize(1);
    provider.say(complete(SHOP, BLOG));
    await().until(() -> published.size() == 2);
  }

  @Test
  void publishesNothingAfterItWasClosed() {
    FakeProvider provider = new FakeProvider("swarm", complete(SHOP));
    Reconciler started = start(published::add, provider);
    await().until(() -> published.size() == 1);

    started.close();
    provider.say(complete());
    int looks = provider.looks();
    started.wake();

    await().during(Duration.ofMillis(100)).until(() -> provider.looks() <= looks + 1);
    assertThat(published).hasSize(1);
  }
}
