package dev.fairlead.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which endpoint is chosen for a request. */
class BalancersTest {

  private long nanos = 1_000;

  @Test
  void roundRobinGivesEveryEndpointTheSameShare() {
    Cluster cluster = cluster(Balance.ROUND_ROBIN, 3);

    Map<String, Integer> counts = pick(cluster, 300);

    assertThat(counts).hasSize(3).allSatisfy((name, count) -> assertThat(count).isEqualTo(100));
  }

  @Test
  void roundRobinGivesEveryEndpointTheSameShareOfEachThread() throws Exception {
    Cluster cluster = cluster(Balance.ROUND_ROBIN, 3);
    List<FutureTask<Map<String, Integer>>> loops = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      var loop = new FutureTask<>(() -> pick(cluster, 3_000));
      loops.add(loop);
      Thread.ofPlatform().start(loop);
    }

    Map<String, Integer> sum = new HashMap<>();
    for (var loop : loops) {
      loop.get().forEach((name, count) -> sum.merge(name, count, Integer::sum));
    }
    assertThat(sum)
        .hasSize(3)
        .allSatisfy((name, count) -> assertThat(count).isBetween(3_990, 4_010));
  }

  @Test
  void whatIsInFlightAndWhatWasAreCountedApart() {
    EndpointState state = cluster(Balance.P2C, 1).endpoints().getFirst().state();
    for (int i = 0; i < 1_000; i++) {
      state.started();
    }
    for (int i = 0; i < 997; i++) {
      state.finished();
    }

    assertThat(state.inFlight()).isEqualTo(3);
    assertThat(state.picks()).isEqualTo(1_000);
  }

  @Test
  void roundRobinGoesOnWhenAnEndpointComes() {
    Clusters clusters = new Clusters();
    pick(update(clusters, spec(Balance.ROUND_ROBIN, 2)), 7);
    Cluster three = update(clusters, spec(Balance.ROUND_ROBIN, 3));

    assertThat(pick(three, 300)).hasSize(3).containsValue(100).doesNotContainValue(101);
  }

  @ParameterizedTest
  @EnumSource
  void whatWasTriedIsNotChosenAgain(Balance balance) {
    Cluster cluster = cluster(balance, 4);
    List<Endpoint> tried = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Endpoint next = cluster.pick(tried, nanos);
      assertThat(next).isNotNull().isNotIn(tried);
      tried.add(Objects.requireNonNull(next));
    }

    assertThat(cluster.pick(tried, nanos)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void ofNoneNoneIsChosen(Balance balance) {
    assertThat(cluster(balance, 0).pick(List.of(), nanos)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void oneAloneIsAlwaysChosen(Balance balance) {
    Cluster cluster = cluster(balance, 1);

    assertThat(pick(cluster, 10)).hasSize(1);
  }

  @Test
  void ofTwoTheOneWithLessInFlightIsChosen() {
    Cluster cluster = cluster(Balance.P2C, 2);
    answerAll(cluster, Duration.ofMillis(20));
    cluster.endpoints().getFirst().state().started();

    assertThat(pick(cluster, 50)).containsOnlyKeys(cluster.endpoints().getLast().toString());
  }

  @Test
  void ofTwoTheFasterOneIsChosen() {
    Cluster cluster = cluster(Balance.P2C, 2);
    answer(cluster.endpoints().getFirst(), Duration.ofMillis(200));
    answer(cluster.endpoints().getLast(), Duration.ofMillis(10));

    assertThat(pick(cluster, 50)).containsOnlyKeys(cluster.endpoints().getLast().toString());
  }

  @Test
  void aSlowAnswerIsForgivenInTime() {
    Cluster cluster = cluster(Balance.P2C, 2);
    Endpoint slow = cluster.endpoints().getFirst();
    Endpoint other = cluster.endpoints().getLast();
    answer(slow, Duration.ofSeconds(5));
    nanos += Duration.ofMinutes(5).toNanos();
    answer(other, Duration.ofMillis(10));

    assertThat(pick(cluster, 50)).containsKey(slow.toString());
  }

  @Test
  void amongManyTheBusiestIsNeverChosen() {
    Cluster cluster = cluster(Balance.P2C, 5);
    answerAll(cluster, Duration.ofMillis(20));
    Endpoint busy = cluster.endpoints().get(2);
    busy.state().started();

    Map<String, Integer> counts = pick(cluster, 2_000);

    assertThat(counts).hasSize(4).doesNotContainKey(busy.toString());
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(300, 700));
  }

  @Test
  void aNewEndpointIsNotFloodedBeforeItAnswered() {
    Cluster cluster = cluster(Balance.P2C, 2);
    Endpoint known = cluster.endpoints().getFirst();
    Endpoint fresh = cluster.endpoints().getLast();
    answer(known, Duration.ofMillis(200));

    assertThat(pick(cluster, 20)).containsOnlyKeys(fresh.toString());
    fresh.state().started();
    assertThat(pick(cluster, 20)).containsOnlyKeys(known.toString());
    answer(fresh, Duration.ofMillis(1));
    assertThat(pick(cluster, 20)).containsOnlyKeys(fresh.toString());
  }

  @Test
  void equalOnesAreAllChosenThoughTheirFirstAnswersAndSmallDifferencesDiffer() {
    Cluster cluster = cluster(Balance.P2C, 3);
    cluster.endpoints().getFirst().state().observe(Duration.ofMillis(80).toNanos(), nanos);
    for (int i = 0; i < 3; i++) {
      Duration latency = Duration.ofNanos(900_000 + i * 200_000L);
      Endpoint endpoint = cluster.endpoints().get(i);
      for (int sample = 0; sample < 20; sample++) {
        endpoint.state().observe(latency.toNanos(), nanos);
      }
    }

    assertThat(pick(cluster, 3_000).values())
        .hasSize(3)
        .allSatisfy(count -> assertThat(count).isBetween(800, 1_200));
  }

  private void answerAll(Cluster cluster, Duration latency) {
    cluster.endpoints().forEach(endpoint -> answer(endpoint, latency));
  }

  // Often enough to be believed.
  private void answer(Endpoint endpoint, Duration latency) {
    for (int i = 0; i <= EndpointState.WARM_UP_ANSWERS; i++) {
      endpoint.state().observe(latency.toNanos(), nanos);
    }
  }

  private Cluster cluster(Balance balance, int endpoints) {
    return update(new Clusters(), spec(balance, endpoints));
  }

  private static Cluster update(Clusters clusters, ClusterSpec spec) {
    return Objects.requireNonNull(clusters.update(List.of(spec)).get(spec.name()));
  }

  private static ClusterSpec spec(Balance balance, int endpoints) {
    return new ClusterSpec(
        "shop",
        balance,
        IntStream.rangeClosed(1, endpoints)
            .mapToObj(i -> new EndpointSpec("10.0.0." + i, 80))
            .toList());
  }

  private Endpoint picked(Cluster cluster) {
    return Objects.requireNonNull(cluster.pick(List.of(), nanos));
  }

  private Map<String, Integer> pick(Cluster cluster, int times) {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < times; i++) {
      counts.merge(picked(cluster).toString(), 1, Integer::sum);
    }
    return counts;
  }
}
