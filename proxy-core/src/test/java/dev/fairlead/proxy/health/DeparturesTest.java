package dev.fairlead.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.proxy.cluster.Clusters;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.upstream.CheckProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who left, and may have taken something along; in a time of its own. */
class DeparturesTest {

  private static final CheckProblem SILENCE = new CheckProblem("connection timed out", true);
  private static final CheckProblem REFUSED = new CheckProblem("Connection refused", true, true);

  private final Endpoint endpoint = left();
  private final List<Endpoint> gone = new ArrayList<>();
  private final List<Consumer<@Nullable CheckProblem>> asked = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final Departures departures =
      new Departures((_, _, outcome) -> asked.add(outcome), gone::add);
  private long nanos = 1_000_000_000_000L;

  @Test
  void whoSaysNothingTwiceIsGone() {
    endpoint.state().started();
    leave();
    pass(Duration.ofMillis(1_750));
    assertThat(asked).isEmpty();

    answer(1, SILENCE);
    assertThat(gone).isEmpty();
    answer(2, SILENCE);
    assertThat(gone).containsExactly(endpoint);
    pass(Duration.ofMinutes(1));
    assertThat(asked).hasSize(2);
  }

  @Test
  void whoseSystemRefusesOrTakesAConnectionMayTakeItsTime() {
    endpoint.state().started();
    leave();
    for (int i = 0; i < 10; i++) {
      answer(asked.size() + 1, SILENCE);
      answer(asked.size() + 1, i % 2 == 0 ? REFUSED : null);
    }
    assertThat(gone).isEmpty();
    endpoint.state().finished();
    int before = asked.size();
    pass(Duration.ofMinutes(1));
    assertThat(asked).hasSize(before);
  }

  @Test
  void whoIsAtWorkOnNothingIsNotAsked() {
    leave();
    pass(Duration.ofMinutes(1));

    assertThat(asked).isEmpty();
  }

  @Test
  void whoWasChosenAtTheLastMomentCounts() {
    leave();
    pass(Duration.ofSeconds(8));
    endpoint.state().started();

    answer(1, SILENCE);
    answer(2, SILENCE);
    assertThat(gone).containsExactly(endpoint);
  }

  @Test
  void anAnswerThatComesTooLateIsOfNoUse() {
    endpoint.state().started();
    leave();
    answer(1, SILENCE);
    pass(Duration.ofSeconds(2));
    endpoint.state().finished();
    pass(Duration.ofMinutes(1));
    told(SILENCE);

    assertThat(gone).isEmpty();
  }

  private void leave() {
    departures.look(List.of(endpoint), nanos, answers::add);
  }

  /** Answers the next question, which is the one of that number. */
  private void answer(int number, @Nullable CheckProblem problem) {
    pass(Duration.ofSeconds(2));
    assertThat(asked).hasSize(number);
    told(problem);
  }

  private void told(@Nullable CheckProblem problem) {
    asked.getLast().accept(problem);
    List<Answer> told = List.copyOf(answers);
    answers.clear();
    told.forEach(answer -> answer.apply(List.of(), nanos));
  }

  private void pass(Duration time) {
    Duration look = Duration.ofMillis(250);
    for (Duration left = time; left.isPositive(); left = left.minus(look)) {
      nanos += look.toNanos();
      departures.look(List.of(), nanos, answers::add);
    }
  }

  private static Endpoint left() {
    Clusters clusters = new Clusters(new StickyTokens(new byte[] {1}));
    ClusterSpec spec =
        new ClusterSpec(
            "shop:80",
            ClusterPolicy.of(Balance.ROUND_ROBIN),
            UpstreamSpec.PLAIN,
            List.of(new EndpointSpec("10.0.0.1", 80)));
    Endpoint endpoint =
        Objects.requireNonNull(clusters.update(List.of(spec), 0).get("shop:80"))
            .endpoints()
            .getFirst();
    clusters.update(List.of(), 1);
    assertThat(clusters.takeRetired()).containsExactly(endpoint);
    assertThat(clusters.takeRetired()).isEmpty();
    return endpoint;
  }
}
