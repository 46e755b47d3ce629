package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.challenge.Answer;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.pebble.AnswersOnShare;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.Rate;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.TlsMode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many names at a CA that rejects a fifth of the nonces and takes its time, ordered by several
 * instances on one storage.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ManyNamesTest {

  @RegisterExtension
  static final PebbleExtension CA =
      new PebbleExtension(new Pebble.Conduct(Duration.ofDays(90), 20, Duration.ofSeconds(2)));

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** That of {@link Instance} is too fast for so many names on a machine that tests. */
  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofMinutes(3));

  @TempDir Path directory;
  private final List<Instance> instances = new ArrayList<>();

  @AfterEach
  void stop() {
    CA.responder().forget();
    instances.forEach(Instance::close);
  }

  @Test
  void fiveInstancesThatStartAtOnceMakeOneOrderForEachOf50Names() throws Exception {
    int before = CA.pebble().orders();
    List<String> names = names("five", 50);
    for (int i = 0; i < 5; i++) {
      instances.add(instance(settings(), Clock.systemUTC()));
    }
    answer(new AnswersOnShare(directory));
    Set<WantedName> wanted = wanted(names);
    instances.parallelStream().forEach(instance -> instance.manager.wanted(wanted));
    for (Instance instance : instances) {
      awaitIssued(instance, names);
    }
    assertThat(CA.pebble().orders() - before).isEqualTo(50);
    for (String name : names) {
      ServedCertificate one = instances.getFirst().served(name).orElseThrow();
      assertThat(instances).allMatch(other -> other.served(name).orElseThrow().equals(one));
    }
  }

  @Test
  void whereOneInTenValidationsFailsEveryNameIsIssuedWithOneOrderMoreForEachFailure()
      throws Exception {
    issueWithFailures(20, 3);
  }

  @Test
  @Tag("long")
  @Timeout(value = 40, unit = TimeUnit.MINUTES)
  void twoHundredNamesWhereOneInTenValidationsFails() throws Exception {
    issueWithFailures(200, System.nanoTime());
  }

  private void issueWithFailures(int count, long seed) throws Exception {
    int before = CA.pebble().orders();
    List<String> names = names("many" + count, count);
    MutableClock clock = new MutableClock();
    for (int i = 0; i < 2; i++) {
      instances.add(instance(settings(), clock));
    }
    Random random = new Random(seed);
    Map<String, Boolean> wrong = new ConcurrentHashMap<>();
    AnswersOnShare right = new AnswersOnShare(directory);
    answer(
        token ->
            wrong.computeIfAbsent(token, any -> random.nextInt(10) == 0)
                ? CompletableFuture.completedFuture(new Answer.Found<>("wrong"))
                : right.apply(token));
    instances.forEach(instance -> instance.manager.wanted(wanted(names)));
    for (Instance instance : instances) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                boolean issued =
                    names.stream().allMatch(name -> instance.serves(name, Origin.ACME));
                clock.advance(Duration.ofSeconds(20)); // else the pauses after failures take long
                return issued;
              });
    }
    long failures = wrong.values().stream().filter(failed -> failed).count();
    assertThat(CA.pebble().orders() - before)
        .as("orders, with %d failures, seed %d", failures, seed)
        .isEqualTo((int) (count + failures));
  }

  @Test
  void noMoreIsOrderedThanTheLimitsAllowAlsoByInstancesThatStartAgainAndAgain() throws Exception {
    Rate rate = new Rate(6, Duration.ofSeconds(6));
    AcmeSettings settings =
        settings()
            .withLimits(
                new AcmeLimits(
                    Optional.of(rate), Optional.empty(), Optional.empty(), Optional.empty()));
    int before = CA.pebble().orders();
    List<String> names = names("limit", 18);
    Set<WantedName> wanted = wanted(names);
    answer(new AnswersOnShare(directory));
    Instance watching = instance(settings, Clock.systemUTC());
    instances.add(watching);
    watching.manager.wanted(wanted);
    boolean told = false;
    Instant end = Instant.now().plus(PATIENCE);
    while (!names.stream().allMatch(name -> watching.serves(name, Origin.ACME))) {
      assertThat(Instant.now()).isBefore(end);
      try (Instance restarted = instance(settings, Clock.systemUTC())) {
        restarted.manager.wanted(wanted);
        Instant soon = Instant.now().plusSeconds(3);
        await().atMost(PATIENCE).until(() -> Instant.now().isAfter(soon));
        told |=
            restarted.manager.status().stream()
                .flatMap(status -> status.problem().stream())
                .anyMatch(
                    sentence ->
                        sentence.startsWith(
                            "the CA's limit of 6 orders in 6 s for the account is reached, it goes"
                                + " on at "));
      }
    }
    assertThat(told).as("it is said who waits for what").isTrue();
    assertThat(CA.pebble().orders() - before).isEqualTo(names.size());
    List<Instant> times = CA.pebble().orderTimes();
    assertWithin(rate, times.subList(times.size() - names.size(), times.size()));
  }

  /**
   * In any time no more than a full bucket and what comes back. The times are whole seconds, and
   * those at which orders arrived: on a busy machine they are some seconds on their way.
   */
  private static void assertWithin(Rate rate, List<Instant> times) {
    for (int i = 0; i < times.size(); i++) {
      for (int j = i; j < times.size(); j++) {
        Duration between = Duration.between(times.get(i), times.get(j)).plusSeconds(4);
        long allowed = rate.count() + between.dividedBy(rate.interval());
        assertThat(j - i + 1L)
            .as("orders %d to %d of %s", i, j, times)
            .isLessThanOrEqualTo(allowed);
      }
    }
  }

  private static void awaitIssued(Instance instance, List<String> names) {
    await()
        .atMost(PATIENCE)
        .until(() -> names.stream().allMatch(name -> instance.serves(name, Origin.ACME)));
  }

  private static void answer(Function<String, CompletionStage<Answer<String>>> tokens) {
    CA.responder().answerFrom(tokens, host -> CompletableFuture.completedFuture(Optional.empty()));
  }

  private Instance instance(AcmeSettings settings, Clock clock) {
    return new Instance(
        settings,
        new StorageSettings(directory, Duration.ofSeconds(30)),
        clock,
        StorageAccess.DIRECT,
        PACE,
        DnsNetwork.NORMAL);
  }

  private static List<String> names(String group, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "n%d.%s.fairlead-tests.com".formatted(i, group))
        .toList();
  }

  private static Set<WantedName> wanted(List<String> names) {
    return names.stream()
        .map(name -> new WantedName(Instance.host(name), TlsMode.ACME))
        .collect(Collectors.toSet());
  }

  private static AcmeSettings settings() {
    return new AcmeSettings(
        CA.pebble().acmeDirectory(),
        Optional.empty(),
        Optional.of(CA.pebble().caFile()),
        AcmeSettings.Challenge.HTTP_01);
  }
}
