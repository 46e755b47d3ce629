package dev.fairlead.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.cluster.Clusters;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.upstream.CheckProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is left out, for how long, and who never is; in a time of its own. */
class EjectionsTest {

  private static final Duration LOOK = Duration.ofMillis(250);

  private final Clusters clusters = new Clusters(new StickyTokens(new byte[] {1}));
  private final List<Endpoint> probed = new ArrayList<>();
  private final List<Endpoint> silent = new ArrayList<>();
  private final List<Consumer<@Nullable CheckProblem>> outcomes = new ArrayList<>();
  private final Ejections ejections =
      new Ejections(
          (endpoint, _, outcome) -> {
            probed.add(endpoint);
            outcomes.add(outcome);
          },
          silent::add);
  private final List<Answer> answers = new ArrayList<>();
  private Cluster cluster = publish(3);
  private long nanos = 1_000_000_000_000L;

  @Test
  void whoFailsGetsNoRequestsForAWhile() {
    fail(0, 5);
    look();

    assertThat(serving()).containsExactly(1, 2);
    assertThat(picked()).containsExactlyInAnyOrder(1, 2);
    assertThat(ejections.count()).isEqualTo(1);
    pass(Duration.ofMillis(4_500));
    assertThat(probed).isEmpty();
    pass(Duration.ofMillis(500));
    assertThat(probed).containsExactly(endpoint(0));
    assertThat(serving()).containsExactly(1, 2);
  }

  @Test
  void whoIsThereAgainGetsSome() {
    fail(0, 5);
    look();
    pass(Duration.ofSeconds(5));
    answerProbe(null);

    assertThat(serving()).containsExactly(0, 1, 2);
    assertThat(picked()).contains(0);
    pass(Duration.ofMinutes(1));
    assertThat(ejections.count()).isEqualTo(1);
  }

  @Test
  void whoIsNotThereIsProbedAfterGrowingPauses() {
    fail(0, 5);
    look();
    for (Duration pause : seconds(5, 10, 20, 40, 80, 160, 300, 300)) {
      int before = probed.size();
      pass(pause.minus(LOOK));
      assertThat(probed).hasSize(before);
      pass(LOOK);
      assertThat(probed).hasSize(before + 1);
      answerProbe(new CheckProblem("Connection refused", true));
    }
    assertThat(serving()).containsExactly(1, 2);
  }

  @Test
  void whoFailsAgainSoonIsLeftOutForLonger() {
    ejectAndReadmit(Duration.ofSeconds(5));
    ejectAndReadmit(Duration.ofSeconds(10));
    pass(Duration.ofSeconds(21));
    ejectAndReadmit(Duration.ofSeconds(5));
  }

  @Test
  void halfOfThemStay() {
    cluster = publish(5);
    IntStream.range(0, 5).forEach(i -> fail(i, 10));
    look();

    assertThat(serving()).hasSize(3);
  }

  @Test
  void ofTwoOneStays() {
    cluster = publish(2);
    fail(0, 5);
    fail(1, 5);
    look();

    assertThat(serving()).hasSize(1);
  }

  @Test
  void whoIsAloneIsNeverLeftOut() {
    cluster = publish(1);
    fail(0, 50);
    look();

    assertThat(serving()).containsExactly(0);
  }

  @Test
  void whoBecomesTheOnlyOneServesAgain() {
    fail(0, 5);
    look();
    cluster = publish(1);
    look();

    assertThat(serving()).containsExactly(0);
    assertThat(picked()).containsOnly(0);
  }

  @Test
  void whereTheLabelSaysSoNobodyIs() {
    cluster = publish(3, ClusterPolicy.of(Balance.ROUND_ROBIN).withoutEjection());
    fail(0, 50);
    look();

    assertThat(serving()).containsExactly(0, 1, 2);
  }

  @Test
  void whoAnswersNothingWhileOthersDoIsLeftOut() {
    for (int i = 0; i < 3; i++) {
      endpoint(0).state().started();
    }
    for (int i = 0; i < 50; i++) {
      answer(1, 200);
      answer(2, 200);
      pass(LOOK);
    }
    assertThat(serving()).containsExactly(1, 2);
    // Whether it is gone, or only slow with these, is for a probe to say.
    assertThat(silent).isEmpty();
    assertThat(probed).containsExactly(endpoint(0));
    answerProbe(new CheckProblem("connection timed out", true));
    assertThat(silent).containsExactly(endpoint(0));
  }

  @Test
  void whoIsOnlySlowKeepsWhatItIsAtWorkOn() {
    endpoint(0).state().started();
    pass(Duration.ofSeconds(11));
    assertThat(probed).containsExactly(endpoint(0));
    answerProbe(null);

    assertThat(silent).isEmpty();
    assertThat(serving()).containsExactly(0, 1, 2);
    pass(Duration.ofSeconds(4));
    assertThat(probed).hasSize(1);
    pass(Duration.ofSeconds(2));
    assertThat(probed).hasSize(2);
  }

  @Test
  void whoIsGoneIsFoundOutWithoutARequestOfAnother() {
    endpoint(0).state().started();
    pass(Duration.ofSeconds(11));
    answerProbe(new CheckProblem("connection timed out", true));

    assertThat(silent).containsExactly(endpoint(0));
    assertThat(serving()).containsExactly(1, 2);
  }

  @Test
  void whoAnswersWithErrorsWhileOthersDoNotIsLeftOut() {
    look();
    for (int i = 0; i < 10; i++) {
      answer(0, 500);
      answer(1, 200);
      answer(2, 404);
      pass(LOOK);
    }
    assertThat(serving()).containsExactly(1, 2);
  }

  @Test
  void whoBreaksIsLeftOutWithinASecondHoweverMuchWentWellBefore() {
    for (int i = 0; i < 40; i++) {
      answerEach(100, 200);
      pass(LOOK);
    }
    answerEach(100, 500);
    pass(LOOK);
    assertThat(serving()).containsExactly(0, 1, 2);
    for (int i = 0; i < 4; i++) {
      answerEach(100, 500);
      pass(LOOK);
    }
    assertThat(serving()).containsExactly(1, 2);
  }

  @Test
  void whatIsWrongWithAllIsWrongWithNone() {
    for (int i = 0; i < 40; i++) {
      answer(0, 500);
      answer(1, 500);
      answer(2, 500);
      pass(LOOK);
    }
    assertThat(serving()).containsExactly(0, 1, 2);
  }

  @Test
  void streamsThatRunForHoursAreNoSilence() {
    for (int i = 0; i < 3; i++) {
      answer(0, 200);
    }
    for (int i = 0; i < 100; i++) {
      answer(1, 200);
      answer(2, 200);
      pass(LOOK);
    }
    assertThat(serving()).containsExactly(0, 1, 2);
  }

  /** The first one with a status, the others well. */
  private void answerEach(int times, int statusOfFirst) {
    for (int i = 0; i < times; i++) {
      answer(0, statusOfFirst);
      answer(1, 200);
      answer(2, 200);
    }
  }

  private void ejectAndReadmit(Duration pause) {
    fail(0, 5);
    look();
    assertThat(serving()).containsExactly(1, 2);
    int before = probed.size();
    pass(pause.minus(LOOK));
    assertThat(probed).hasSize(before);
    pass(LOOK);
    answerProbe(null);
    assertThat(serving()).containsExactly(0, 1, 2);
  }

  private static List<Duration> seconds(int... pauses) {
    return IntStream.of(pauses).mapToObj(Duration::ofSeconds).toList();
  }

  private void fail(int endpoint, int times) {
    for (int i = 0; i < times; i++) {
      endpoint(endpoint).state().started();
      endpoint(endpoint).state().outcomes().lost();
    }
  }

  // As of a stream: it stays in flight.
  private void answer(int endpoint, int status) {
    endpoint(endpoint).state().started();
    endpoint(endpoint).state().outcomes().answered(status);
  }

  private void answerProbe(@Nullable CheckProblem failure) {
    outcomes.getLast().accept(failure);
    List<Answer> told = List.copyOf(answers);
    answers.clear();
    told.forEach(answer -> answer.apply(List.of(cluster), nanos));
  }

  private void look() {
    ejections.look(List.of(cluster), nanos, answers::add);
  }

  private void pass(Duration time) {
    for (Duration left = time; left.isPositive(); left = left.minus(LOOK)) {
      nanos += LOOK.toNanos();
      look();
    }
  }

  private Endpoint endpoint(int index) {
    return cluster.endpoints().get(index);
  }

  private List<Integer> serving() {
    return IntStream.range(0, cluster.endpoints().size())
        .filter(i -> endpoint(i).state().serves())
        .boxed()
        .toList();
  }

  private List<Integer> picked() {
    return IntStream.range(0, 300)
        .mapToObj(_ -> Objects.requireNonNull(cluster.pick(List.of(), nanos, 0)))
        .map(cluster.endpoints()::indexOf)
        .distinct()
        .toList();
  }

  private Cluster publish(int endpoints) {
    return publish(endpoints, ClusterPolicy.of(Balance.ROUND_ROBIN));
  }

  private Cluster publish(int endpoints, ClusterPolicy policy) {
    ClusterSpec spec =
        new ClusterSpec(
            "shop:80",
            policy,
            UpstreamSpec.PLAIN,
            IntStream.range(0, endpoints)
                .mapToObj(i -> new EndpointSpec("10.0.0." + (i + 1), 80))
                .toList());
    return Objects.requireNonNull(clusters.update(List.of(spec), nanos).get("shop:80"));
  }
}
