package dev.fairlead.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.UpstreamSpec;
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

  private static final int KEY = 7;

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
    Clusters clusters = new Clusters(new StickyTokens(new byte[] {1}));
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
      Endpoint next = cluster.pick(tried, nanos, KEY);
      assertThat(next).isNotNull().isNotIn(tried);
      tried.add(Objects.requireNonNull(next));
    }

    assertThat(cluster.pick(tried, nanos, KEY)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void ofNoneNoneIsChosen(Balance balance) {
    assertThat(cluster(balance, 0).pick(List.of(), nanos, KEY)).isNull();
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

  @Test
  void whoFailsFastGetsNoMoreThanOthers() {
    Cluster cluster = cluster(Balance.P2C, 3);
    for (Endpoint endpoint : cluster.endpoints()) {
      for (int sample = 0; sample < 20; sample++) {
        endpoint.state().observe(Duration.ofMillis(20).toNanos(), nanos);
      }
    }
    for (int error = 0; error < 100; error++) {
      cluster.endpoints().getFirst().state().observeError(Duration.ofMillis(1).toNanos(), nanos);
    }
    assertThat(pick(cluster, 3_000).values())
        .hasSize(3)
        .allSatisfy(count -> assertThat(count).isBetween(800, 1_200));

    Endpoint slow = cluster.endpoints().getFirst();
    slow.state().observeError(Duration.ofSeconds(1).toNanos(), nanos);
    assertThat(pick(cluster, 1_000).getOrDefault(slow.toString(), 0)).isLessThan(200);
  }

  @Test
  void theOneWithTheFewestRequestsIsChosen() {
    Cluster cluster = cluster(Balance.LEAST_REQUESTS, 5);
    for (Endpoint endpoint : cluster.endpoints()) {
      endpoint.state().started();
    }
    Endpoint idle = cluster.endpoints().get(3);
    idle.state().finished();

    assertThat(pick(cluster, 50)).containsOnlyKeys(idle.toString());
    idle.state().started();
    assertThat(pick(cluster, 5_000).values())
        .hasSize(5)
        .allSatisfy(count -> assertThat(count).isBetween(800, 1_200));
  }

  @ParameterizedTest
  @EnumSource
  void sharesAreThoseOfTheWeights(Balance balance) {
    Cluster cluster =
        update(new Clusters(new StickyTokens(new byte[] {1})), weighted(balance, 5, 2, 3));
    Map<String, Integer> counts = new HashMap<>();
    for (int key = 0; key < 10_000; key++) {
      Endpoint picked = Objects.requireNonNull(cluster.pick(List.of(), nanos, key));
      counts.merge(picked.toString(), 1, Integer::sum);
    }

    assertThat(counts.get("10.0.0.1:80")).isBetween(4_600, 5_400);
    assertThat(counts.get("10.0.0.2:80")).isBetween(1_700, 2_300);
    assertThat(counts.get("10.0.0.3:80")).isBetween(2_700, 3_300);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HASH")
  void ofTheSameLoadEachTakesAsItsWeightSays(Balance balance) {
    Cluster cluster =
        update(new Clusters(new StickyTokens(new byte[] {1})), weighted(balance, 3, 1));
    answerAll(cluster, Duration.ofMillis(20));
    for (int i = 0; i < 40; i++) {
      picked(cluster).state().started();
    }

    assertThat(cluster.endpoints().getFirst().state().inFlight()).isBetween(28, 32);
  }

  @Test
  void takingTurnsTheHeavyOneIsNotAskedAllAtOnce() {
    Cluster cluster =
        update(
            new Clusters(new StickyTokens(new byte[] {1})), weighted(Balance.ROUND_ROBIN, 3, 1, 1));
    List<String> turns = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      turns.add(picked(cluster).toString());
    }

    assertThat(String.join(" ", turns)).doesNotContain("10.0.0.1:80 10.0.0.1:80 10.0.0.1:80");
  }

  @Test
  void aKeyStaysWhereItIsWhenOthersComeAndGo() {
    Clusters clusters = new Clusters(new StickyTokens(new byte[] {1}));
    Map<Integer, String> before = byKey(update(clusters, spec(Balance.HASH, 4)));
    Map<Integer, String> after = byKey(update(clusters, spec(Balance.HASH, 3)));

    String gone = "10.0.0.4:80";
    assertThat(before.values()).contains(gone);
    before.forEach(
        (key, endpoint) -> {
          if (!endpoint.equals(gone)) {
            assertThat(after.get(key)).isEqualTo(endpoint);
          }
        });
    // Those of the one that left are spread over the others.
    assertThat(
            before.entrySet().stream()
                .filter(entry -> entry.getValue().equals(gone))
                .map(entry -> after.get(entry.getKey()))
                .distinct())
        .hasSize(3);
    assertThat(byKey(update(new Clusters(new StickyTokens(new byte[] {1})), spec(Balance.HASH, 4))))
        .isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HASH")
  void theShareOfOneThatJoinsGrows(Balance balance) {
    Clusters clusters = new Clusters(new StickyTokens(new byte[] {1}));
    Cluster before = update(clusters, slowly(balance, 3));
    answerAll(before, Duration.ofMillis(20));
    Cluster after = update(clusters, slowly(balance, 4));
    Endpoint fresh = after.endpoints().get(3);
    answer(fresh, Duration.ofMillis(20));

    assertThat(share(after, fresh)).isBetween(0.0, 0.05);
    nanos += Duration.ofSeconds(5).toNanos();
    assertThat(share(after, fresh)).isBetween(0.06, 0.19);
    nanos += Duration.ofSeconds(5).toNanos();
    assertThat(share(after, fresh)).isBetween(0.2, 0.3);
  }

  @Test
  void whereAllAreNewNoneIsSpared() {
    Clusters clusters = new Clusters(new StickyTokens(new byte[] {1}));
    Cluster first = update(clusters, slowly(Balance.ROUND_ROBIN, 2));
    assertThat(pick(first, 100)).containsValue(50).hasSize(2);
    update(clusters, slowly(Balance.ROUND_ROBIN, 0));

    assertThat(pick(update(clusters, slowly(Balance.ROUND_ROBIN, 2)), 100)).containsValue(50);
  }

  @ParameterizedTest
  @EnumSource
  void oneThatJoinsIsChosenWhenItIsTheLast(Balance balance) {
    Clusters clusters = new Clusters(new StickyTokens(new byte[] {1}));
    Endpoint old = update(clusters, slowly(balance, 1)).endpoints().getFirst();
    Cluster both = update(clusters, slowly(balance, 2));

    for (int i = 0; i < 50; i++) {
      assertThat(both.pick(List.of(old), nanos, i)).isEqualTo(both.endpoints().getLast());
    }
  }

  private double share(Cluster cluster, Endpoint endpoint) {
    int picks = 4_000;
    return pick(cluster, picks).getOrDefault(endpoint.toString(), 0) / (double) picks;
  }

  private Map<Integer, String> byKey(Cluster cluster) {
    Map<Integer, String> endpoints = new HashMap<>();
    for (int key = 0; key < 1_000; key++) {
      endpoints.put(
          key, Objects.requireNonNull(cluster.pick(List.of(), nanos, key * 7919)).toString());
    }
    return endpoints;
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
    return update(new Clusters(new StickyTokens(new byte[] {1})), spec(balance, endpoints));
  }

  private static Cluster update(Clusters clusters, ClusterSpec spec) {
    return Objects.requireNonNull(clusters.update(List.of(spec), 1_000).get(spec.name()));
  }

  private static ClusterSpec spec(Balance balance, int endpoints) {
    return new ClusterSpec(
        "shop",
        balance,
        IntStream.rangeClosed(1, endpoints)
            .mapToObj(i -> new EndpointSpec("10.0.0." + i, 80))
            .toList());
  }

  private static ClusterSpec slowly(Balance balance, int endpoints) {
    return new ClusterSpec(
        "shop",
        ClusterPolicy.of(balance).withSlowStart(Duration.ofSeconds(10)),
        UpstreamSpec.PLAIN,
        spec(balance, endpoints).endpoints());
  }

  private static ClusterSpec weighted(Balance balance, int... weights) {
    return new ClusterSpec(
        "shop",
        balance,
        IntStream.range(0, weights.length)
            .mapToObj(i -> new EndpointSpec("10.0.0." + (i + 1), 80, weights[i]))
            .toList());
  }

  private Endpoint picked(Cluster cluster) {
    return Objects.requireNonNull(cluster.pick(List.of(), nanos, KEY));
  }

  private Map<String, Integer> pick(Cluster cluster, int times) {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < times; i++) {
      counts.merge(picked(cluster).toString(), 1, Integer::sum);
    }
    return counts;
  }
}
