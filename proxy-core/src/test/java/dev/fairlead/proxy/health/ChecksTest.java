package dev.fairlead.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.config.routing.StatusRanges;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.cluster.Clusters;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.upstream.CheckProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is asked when, and what follows; in a time of its own. */
class ChecksTest {

  private static final Duration LOOK = Duration.ofMillis(250);
  private static final HealthCheck CHECK =
      new HealthCheck(
          Optional.of("/healthz"),
          "shop.test",
          StatusRanges.parse("200-399").orElseThrow(),
          Duration.ofSeconds(10),
          Duration.ofSeconds(3),
          3,
          2);

  private final Clusters clusters = new Clusters(new StickyTokens(new byte[] {1}));
  private final Map<String, Consumer<@Nullable CheckProblem>> asked = new HashMap<>();
  private final Set<String> ill = new TreeSet<>();
  private final List<Answer> answers = new ArrayList<>();
  private final Checks checks =
      new Checks(
          (endpoint, _, outcome) -> asked.put(endpoint.toString(), outcome),
          _ -> {},
          new Random(7));
  private long nanos = 1_000_000_000_000L;
  private Cluster cluster = publish(Optional.of(CHECK), 1, 2);

  @Test
  void allAreAskedAtOnceAndThenAtIntervals() {
    look();
    assertThat(asked).hasSize(2);
    answerAll();
    pass(Duration.ofMillis(8_750));
    assertThat(asked).isEmpty();
    pass(Duration.ofMillis(2_500));
    assertThat(asked).hasSize(2);
  }

  @Test
  void nobodyIsAskedWhoHasNotAnsweredYet() {
    look();
    asked.clear();
    pass(Duration.ofMinutes(1));

    assertThat(asked).isEmpty();
  }

  @Test
  void whoFailsOftenEnoughGetsNoRequests() {
    ill.add("10.0.0.1:80");
    rounds(2);
    assertThat(serving()).containsExactly("10.0.0.1:80", "10.0.0.2:80");
    rounds(1);
    assertThat(serving()).containsExactly("10.0.0.2:80");
    assertThat(picked()).containsExactly("10.0.0.2:80");
  }

  @Test
  void whoIsWellOftenEnoughGetsSomeAgain() {
    ill.add("10.0.0.1:80");
    rounds(5);
    ill.clear();
    rounds(1);
    assertThat(serving()).containsExactly("10.0.0.2:80");
    rounds(1);
    assertThat(serving()).containsExactly("10.0.0.1:80", "10.0.0.2:80");
    assertThat(picked()).hasSize(2);
  }

  @Test
  void whenNoneIsWellAllAreChosenFrom() {
    ill.addAll(Set.of("10.0.0.1:80", "10.0.0.2:80"));
    rounds(3);

    assertThat(serving()).isEmpty();
    assertThat(picked()).containsExactly("10.0.0.1:80", "10.0.0.2:80");
  }

  @Test
  void whoJoinsGetsRequestsOnceItIsWellAndIsAskedOftenUntilThen() {
    rounds(2);
    ill.add("10.0.0.3:80");
    cluster = publish(Optional.of(CHECK), 1, 2, 3);
    look();
    assertThat(picked()).containsExactly("10.0.0.1:80", "10.0.0.2:80");
    answerAll();
    pass(Duration.ofMillis(1_250));
    assertThat(asked).containsOnlyKeys("10.0.0.3:80");

    ill.clear();
    rounds(3);
    assertThat(picked()).hasSize(3);
  }

  @Test
  void thoseThatAreThereFirstServeBeforeTheyWereAsked() {
    assertThat(picked()).hasSize(2);
  }

  @Test
  void withoutTheLabelNobodyIsLeftOut() {
    ill.add("10.0.0.1:80");
    rounds(3);
    cluster = publish(Optional.empty(), 1, 2);
    look();

    assertThat(asked).isEmpty();
    assertThat(picked()).hasSize(2);
  }

  /** All are asked and answer, and it is time again. */
  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      pass(Duration.ofSeconds(12));
      answerAll();
      look();
    }
  }

  private void answerAll() {
    Map<String, Consumer<@Nullable CheckProblem>> all = Map.copyOf(asked);
    asked.clear();
    all.forEach(
        (endpoint, outcome) ->
            outcome.accept(ill.contains(endpoint) ? new CheckProblem("status 500", false) : null));
    List<Answer> told = List.copyOf(answers);
    answers.clear();
    told.forEach(answer -> answer.apply(List.of(cluster), nanos));
  }

  private void look() {
    checks.look(List.of(cluster), nanos, answers::add);
  }

  private void pass(Duration time) {
    for (Duration left = time; left.isPositive(); left = left.minus(LOOK)) {
      nanos += LOOK.toNanos();
      look();
    }
  }

  private List<String> serving() {
    return cluster.endpoints().stream()
        .filter(endpoint -> endpoint.state().serves())
        .map(Endpoint::toString)
        .toList();
  }

  private Set<String> picked() {
    Set<String> picked = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      picked.add(Objects.requireNonNull(cluster.pick(List.of(), nanos, 0)).toString());
    }
    return picked;
  }

  private Cluster publish(Optional<HealthCheck> check, int... endpoints) {
    ClusterSpec spec =
        new ClusterSpec(
            "shop:80",
            ClusterPolicy.of(Balance.ROUND_ROBIN).withCheck(check),
            UpstreamSpec.PLAIN,
            IntStream.of(endpoints).mapToObj(i -> new EndpointSpec("10.0.0." + i, 80)).toList());
    return Objects.requireNonNull(clusters.update(List.of(spec), nanos).get("shop:80"));
  }
}
